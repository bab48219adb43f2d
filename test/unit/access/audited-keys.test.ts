import { describe, expect, it } from 'vitest'
import { actAs, actingIdentity } from '../../../gateway/access/acting-identity.ts'
import { createAuditLog } from '../../../gateway/access/audit-log.ts'
import { auditedKeys } from '../../../gateway/access/audited-keys.ts'
import { plainKeySettings } from '../../../gateway/model/key-settings.ts'
import type { AuditEvent } from '../../../gateway/store/audit-repository.ts'
import type { KeyChanges, KeyRecord, KeyRepository } from '../../../gateway/store/key-repository.ts'

const settings = { ...plainKeySettings, metadata: { note: 'old' } }
const key: KeyRecord = {
  id: 'id-1',
  hash: 'ab'.repeat(32),
  alias: 'laptop',
  kind: 'virtual',
  name: 'sk-...wxyz',
  models: [],
  createdAt: 1,
  expiresAt: null,
  blocked: false,
  settings,
}

function open(repository: Partial<KeyRepository>) {
  const events: AuditEvent[] = []
  const failures: object[] = []
  const audit = createAuditLog({
    repository: { append: async (event) => void events.push(event) },
    now: () => 5,
    logger: { error: (fields) => void failures.push(fields) },
  })
  return { events, failures, keys: auditedKeys(repository as KeyRepository, audit) }
}

describe('changes of keys', () => {
  it('are noted with new numbers and switches, and with the mere name of what may hold anything', async () => {
    const { events, keys } = open({
      find: async () => key,
      update: async (_id, changes) => ({ ...key, ...changes }),
    })
    const changed = { ...settings, maxBudgetNanoUsd: 7, metadata: { note: 'canary' } }
    const changes: KeyChanges = {
      blocked: true,
      models: ['a'],
      alias: 'laptop',
      hash: 'cd'.repeat(32),
      settings: changed,
    }
    await keys.update(key.id, changes)
    expect(events).toEqual([
      {
        at: 5,
        actor: 'gateway',
        action: 'key.changed',
        subject: 'id-1',
        details: {
          alias: 'laptop',
          kind: 'virtual',
          name: 'sk-...wxyz',
          changed: { blocked: true, models: ['a'], hash: 'changed', maxBudgetNanoUsd: 7, metadata: 'changed' },
        },
      },
    ])
  })

  it('that did not happen are not noted', async () => {
    const { events, keys } = open({
      update: async () => undefined,
      find: async () => undefined,
      delete: async () => false,
      insert: () => Promise.reject(new Error('taken')),
    })
    await keys.update('x', {})
    await keys.delete('x')
    await expect(keys.insert(key)).rejects.toThrow('taken')
    expect(events).toEqual([])
  })

  it('are made although their event could not be kept, which is logged', async () => {
    const failures: object[] = []
    const audit = createAuditLog({
      repository: { append: () => Promise.reject(new Error('disk full')) },
      now: () => 5,
      logger: { error: (fields) => void failures.push(fields) },
    })
    const keys = auditedKeys({ insert: async () => {} } as Partial<KeyRepository> as KeyRepository, audit)
    await keys.insert(key)
    await Promise.resolve()
    expect(failures).toHaveLength(1)
  })
})

describe('who acts', () => {
  const identity = {
    keyId: 'cd'.repeat(32),
    alias: null,
    allowedModels: undefined,
    settings: plainKeySettings,
  } as const

  it('is known however late the change comes, and nobody outside', async () => {
    const later = async () => {
      await new Promise(setImmediate)
      return actingIdentity()
    }
    expect(await actAs({ ...identity, kind: 'master' }, later)).toBe('master key')
    expect(await actAs({ ...identity, kind: 'management', alias: 'laptop' }, later)).toBe('management key laptop')
    expect(await actAs({ ...identity, kind: 'management' }, later)).toBe('management key cdcdcdcdcdcd')
    expect(actingIdentity()).toBeUndefined()
  })
})
