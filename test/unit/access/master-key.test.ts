import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveMasterKey } from '../../../gateway/access/master-key.ts'
import { Secret } from '../../../gateway/model/secret.ts'
import { createUnusableStore } from '../../../gateway/secrets/environment-store.ts'
import { createMemoryStore } from '../../../gateway/secrets/memory-store.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-key-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const none = { kind: 'none' } as const
const unusable = createUnusableStore('No keychain here.')

describe('the master key', () => {
  it('is the one of the config before any other', async () => {
    writeFileSync(join(dataDir, 'master.key'), 'sk-file')
    const found = await resolveMasterKey({
      configured: { kind: 'value', secret: new Secret('sk-config') },
      environment: { LITELLM_MASTER_KEY: 'sk-environment' },
      store: createMemoryStore({ 'master-key': new Secret('sk-keychain') }),
      dataDir,
    })
    expect([found.secret.reveal(), found.source]).toEqual(['sk-config', 'config'])
  })

  it('else LITELLM_MASTER_KEY, unless that is empty', async () => {
    const store = createMemoryStore({ 'master-key': new Secret('sk-keychain') })
    const set = await resolveMasterKey({
      configured: none,
      environment: { LITELLM_MASTER_KEY: 'sk-e' },
      store,
      dataDir,
    })
    expect([set.secret.reveal(), set.source]).toEqual(['sk-e', 'environment'])
    const empty = await resolveMasterKey({ configured: none, environment: { LITELLM_MASTER_KEY: '' }, store, dataDir })
    expect([empty.secret.reveal(), empty.source]).toEqual(['sk-keychain', 'keychain'])
  })

  it('else the file, whose mode is mended, without asking the keychain', async () => {
    const path = join(dataDir, 'master.key')
    writeFileSync(path, 'sk-file\n')
    chmodSync(path, 0o644)
    const store = createMemoryStore()
    const found = await resolveMasterKey({ configured: none, environment: {}, store, dataDir })
    expect([found.secret.reveal(), found.source]).toEqual(['sk-file', 'file'])
    expect(await store.get('master-key')).toBeUndefined()
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('else a new one, kept in the keychain and found there again', async () => {
    const store = createMemoryStore()
    const first = await resolveMasterKey({ configured: none, environment: {}, store, dataDir })
    const second = await resolveMasterKey({ configured: none, environment: {}, store, dataDir })
    expect(first.source).toBe('keychain')
    expect(first.secret.reveal()).toMatch(/^sk-[A-Za-z0-9_-]{43}$/)
    expect(second.secret.reveal()).toBe(first.secret.reveal())
    for (const file of readdirSync(dataDir)) {
      expect(readFileSync(join(dataDir, file), 'utf8')).not.toContain(first.secret.reveal())
    }
  })

  it('without a keychain a new one goes to a private file and stays', async () => {
    const first = await resolveMasterKey({ configured: none, environment: {}, store: unusable, dataDir })
    const second = await resolveMasterKey({ configured: none, environment: {}, store: unusable, dataDir })
    expect(first.source).toBe('file')
    expect(second.secret.reveal()).toBe(first.secret.reveal())
    expect(readdirSync(dataDir)).toEqual(['master.key'])
    if (process.platform !== 'win32') expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600)
  })

  it('is not replaced for good while the keychain that holds it is locked', async () => {
    const open = createMemoryStore()
    const first = await resolveMasterKey({ configured: none, environment: {}, store: open, dataDir })
    const locked = await resolveMasterKey({ configured: none, environment: {}, store: unusable, dataDir })
    expect(locked.source).toBe('session')
    expect(locked.warnings.join()).toContain('No keychain here.')
    expect(existsSync(join(dataDir, 'master.key'))).toBe(false)
    const again = { configured: none, environment: {}, store: unusable, dataDir, sessionKey: locked.secret }
    expect((await resolveMasterKey(again)).secret.reveal()).toBe(locked.secret.reveal())
    const later = await resolveMasterKey({ configured: none, environment: {}, store: open, dataDir })
    expect(later.secret.reveal()).toBe(first.secret.reveal())
  })

  it('says so when the config names a variable that is not set', async () => {
    const found = await resolveMasterKey({
      configured: { kind: 'missing', names: ['MY_MASTER'] },
      environment: {},
      store: createMemoryStore(),
      dataDir,
    })
    expect(found.source).toBe('keychain')
    expect(found.warnings.join()).toContain('MY_MASTER')
  })
})
