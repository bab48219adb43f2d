import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authenticate, type KeyDirectory, requireAccess } from '../../../gateway/access/authenticate.ts'
import { type AccessClass, type KeyKind, mayUse } from '../../../gateway/access/identity.ts'
import {
  createKeySecret,
  createKeyHasher,
  hashKey,
  keyEnding,
  keyName,
  sameHash,
} from '../../../gateway/access/key-secret.ts'
import { createKeyStore } from '../../../gateway/access/key-store.ts'
import { readPresentedKeys } from '../../../gateway/access/presented-keys.ts'
import { toStoredKey } from '../../../gateway/access/stored-key.ts'
import { plainKeySettings } from '../../../gateway/model/key-settings.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { keyRowsDouble } from '../../doubles/key-rows.ts'
import type { KeyRecord } from '../../../gateway/store/key-repository.ts'

const day = 86_400_000

describe('key secrets', () => {
  it('are sk- and 32 random bytes', () => {
    const made = new Set(Array.from({ length: 100 }, createKeySecret))
    expect(made.size).toBe(100)
    for (const key of made) expect(key).toMatch(/^sk-[\w-]{43}$/u)
  })

  it('are shown by their last four characters at most', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (key) => {
        for (const shown of [keyEnding(key), keyName(key)]) {
          if (key.length >= 16) expect(shown.endsWith(key.slice(-4))).toBe(true)
          expect(
            shown.replace('ending in ', '').replace('that was sent', '').replace('sk-...', '').length,
          ).toBeLessThan(5)
        }
      }),
    )
  })

  it('are compared by digest', () => {
    expect(hashKey('a')).toBe('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb')
    expect([sameHash(hashKey('a'), hashKey('a')), sameHash(hashKey('a'), hashKey('b')), sameHash('a', 'ab')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('presented keys', () => {
  it.each([
    [{ authorization: 'Bearer sk-1' }, ['sk-1']],
    [{ authorization: 'bearer   sk-1 ' }, ['sk-1']],
    [{ authorization: 'Basic c2stMQ==' }, []],
    [{ authorization: 'sk-1' }, []],
    [{ authorization: 'Bearer ' }, []],
    [{ 'x-litellm-api-key': 'Bearer sk-2' }, ['sk-2']],
    [{ 'x-goog-api-key': 'g', 'api-key': 'a', 'x-api-key': 'x', authorization: 'Bearer b' }, ['b', 'x', 'a', 'g']],
    [{ 'x-api-key': 'same', authorization: 'Bearer same' }, ['same']],
    [{ 'x-api-key': 'x'.repeat(513) }, []],
    [{}, []],
  ])('%j', (headers, keys) => expect(readPresentedKeys(headers)).toEqual(keys))
})

describe('authenticate', () => {
  const record = (key: string, changes: Partial<KeyRecord> = {}): KeyRecord => ({
    id: hashKey(key),
    hash: hashKey(key),
    alias: key,
    kind: 'virtual',
    name: keyName(key),
    models: [],
    createdAt: 0,
    expiresAt: null,
    blocked: false,
    settings: plainKeySettings,
    ...changes,
  })
  const stored = new Map(
    [
      record('good'),
      record('limited', { models: ['a'] }),
      record('manager', { kind: 'management' }),
      record('old', { expiresAt: 100 }),
      record('blocked', { blocked: true }),
    ].map((key) => [key.hash, toStoredKey(key)]),
  )
  const directory: KeyDirectory = {
    hashOf: hashKey,
    masterHash: () => hashKey('master-key'),
    controlHash: hashKey('control'),
    isSession: (hash) => hash === hashKey('session'),
    findKey: (hash) => stored.get(hash),
  }
  const attempt = (...keys: string[]) => {
    try {
      return authenticate(keys, directory, 100).kind
    } catch (thrown) {
      return (thrown as GatewayError).code
    }
  }

  it.each([
    [['good'], 'virtual'],
    [['manager'], 'management'],
    [['master-key'], 'master'],
    [['control'], 'control'],
    [['session'], 'control'],
    [[], 'missing_key'],
    [['nothing'], 'invalid_key'],
    [['old'], 'expired_key'],
    [['blocked'], 'blocked_key'],
    [['nothing', 'good'], 'virtual'],
    [['old', 'good'], 'virtual'],
    [['nothing', 'old'], 'expired_key'],
    [['blocked', 'nothing'], 'blocked_key'],
    [['good', 'master-key'], 'virtual'],
  ])('%j gives %s', (keys, outcome) => expect(attempt(...keys)).toBe(outcome))

  it('lets an empty key in nowhere, also while no master key is known', () => {
    const bare = { ...directory, masterHash: () => undefined }
    expect(() => authenticate([''], bare, 0)).toThrow(GatewayError)
  })

  it('restricts a key to its models, and none to none', () => {
    expect(authenticate(['limited'], directory, 0).allowedModels).toEqual(['a'])
    expect(authenticate(['good'], directory, 0).allowedModels).toBeUndefined()
  })

  it('keeps each kind of key to its classes of routes', () => {
    const classes: AccessClass[] = ['open', 'ui', 'any', 'llm', 'admin', 'control-read', 'control']
    const table = (['virtual', 'management', 'master', 'control'] satisfies KeyKind[]).map((kind) => [
      kind,
      classes.filter((access) => mayUse(kind, access)).join(' '),
    ])
    expect(table).toEqual([
      ['virtual', 'open ui any llm'],
      ['management', 'open ui any llm admin control-read'],
      ['master', 'open ui any llm admin control-read'],
      ['control', 'open ui any admin control-read control'],
    ])
    const virtual = {
      kind: 'virtual',
      keyId: 'x',
      alias: null,
      allowedModels: undefined,
      settings: plainKeySettings,
    } as const
    expect(() => requireAccess(virtual, 'control')).toThrow(/control token/u)
  })
})

describe('the key store', () => {
  function open(rows = new Map<string, KeyRecord>()) {
    const disk = { isFull: false }
    const memory = keyRowsDouble(rows)
    const repository = {
      ...memory,
      insert: async (row: KeyRecord) => {
        if (disk.isFull) throw new Error('disk full')
        await memory.insert(row)
      },
    }
    let time = 1000
    const isReserved = (hash: string) => hash === hashKey('sk-the-master-key-itself')
    return { rows, disk, store: createKeyStore({ repository, now: () => time++, isReserved }) }
  }

  it('finds after a restart what it made before', async () => {
    const first = open()
    const { key } = await first.store.create({ alias: 'a', models: ['m'], lifetimeMs: day })
    const second = open(first.rows)
    await second.store.load()
    expect(second.store.find(hashKey(key))).toMatchObject({ alias: 'a', models: ['m'], expiresAt: 1000 + day })
    expect(JSON.stringify([...first.rows.values()])).not.toContain(key)
  })

  it('lets two creations at once not share an alias', async () => {
    const { store } = open()
    const outcomes = await Promise.allSettled([store.create({ alias: 'a' }), store.create({ alias: 'a' })])
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(store.list()).toHaveLength(1)
  })

  it('forgets a key whose row could not be written', async () => {
    const { store, disk } = open()
    disk.isFull = true
    await expect(store.create({ alias: 'a' })).rejects.toThrow('disk full')
    expect(store.list()).toEqual([])
    disk.isFull = false
    await store.create({ alias: 'a' })
    expect(store.list()).toHaveLength(1)
  })

  it.each(['short', 'sk-short', 'no-prefix-but-long-enough-to-be-a-key', 'sk-with a space in it....'])(
    'refuses %j as a key of the caller',
    async (key) => {
      await expect(open().store.create({ key })).rejects.toMatchObject({ code: 'invalid_field', param: 'key' })
    },
  )

  it('gives no second row to a key that exists or is reserved', async () => {
    const { store } = open()
    await store.create({ key: 'sk-my-own-key-of-length' })
    for (const key of ['sk-my-own-key-of-length', 'sk-the-master-key-itself']) {
      await expect(store.create({ key })).rejects.toMatchObject({ code: 'conflict' })
    }
  })
})

describe('a key that changes', () => {
  function open() {
    const rows = new Map<string, KeyRecord>()
    const deleted: string[] = []
    const store = createKeyStore({
      repository: keyRowsDouble(rows),
      now: () => 1000,
      onDeleted: (id) => void deleted.push(id),
    })
    return { rows, deleted, store }
  }

  it('keeps what is not named, and takes null as nothing', async () => {
    const { store } = open()
    const { key, stored } = await store.create({ alias: 'a', models: ['m'], settings: { rpm: 5, tags: ['t'] } })
    await store.update(stored.id, { settings: { rpm: 7 }, blocked: true })
    expect(store.find(hashKey(key))).toMatchObject({ alias: 'a', models: ['m'], blocked: true })
    expect(store.find(hashKey(key))?.settings).toMatchObject({ rpm: 7, tags: ['t'] })
    await store.update(stored.id, { alias: null, lifetimeMs: null })
    expect(store.find(hashKey(key))).toMatchObject({ alias: null, expiresAt: null })
    expect(await store.update('nothing', { blocked: true })).toBeUndefined()
  })

  it('is in the identity that its next request gets', async () => {
    const { store } = open()
    const { key, stored } = await store.create({})
    await store.update(stored.id, { settings: { rpm: 1 }, models: ['m'] })
    expect(store.find(hashKey(key))?.identity).toMatchObject({ allowedModels: ['m'], settings: { rpm: 1 } })
  })

  it('cannot take the alias of another, and can keep its own', async () => {
    const { store } = open()
    await store.create({ alias: 'a' })
    const { stored } = await store.create({ alias: 'b' })
    await expect(store.update(stored.id, { alias: 'a' })).rejects.toMatchObject({
      code: 'conflict',
      param: 'key_alias',
    })
    expect((await store.update(stored.id, { alias: 'b', blocked: true }))?.blocked).toBe(true)
  })

  it('has one secret at a time and one id for life', async () => {
    const { store, deleted } = open()
    const first = await store.create({ alias: 'a', settings: { rpm: 5 } })
    const second = await store.regenerate(first.stored.id, {})
    expect(second?.key).not.toBe(first.key)
    expect(store.find(hashKey(first.key))).toBeUndefined()
    const renewed = store.find(hashKey(second?.key ?? ''))
    expect(renewed).toMatchObject({ id: first.stored.id, alias: 'a', settings: { rpm: 5 } })
    expect(renewed?.identity.keyId).toBe(first.stored.id)
    await expect(store.regenerate(first.stored.id, { key: 'sk-short' })).rejects.toMatchObject({ param: 'key' })
    expect(await store.delete(first.stored.id)).toBe(true)
    expect(store.find(hashKey(second?.key ?? ''))).toBeUndefined()
    expect([store.list(), deleted]).toEqual([[], [first.stored.id]])
  })
})

describe('hashes of keys that come again', () => {
  it('are those of hashKey, whatever came in between', () => {
    const hashOf = createKeyHasher()
    for (let round = 0; round < 2; round += 1) {
      for (let key = 0; key < 200; key += 1) expect(hashOf(`sk-${key}`)).toBe(hashKey(`sk-${key}`))
    }
  })
})
