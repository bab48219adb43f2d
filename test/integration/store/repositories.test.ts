import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { createDayUseRepository } from '../../../gateway/store/day-use-repository.ts'
import { plainKeySettings } from '../../../gateway/model/key-settings.ts'
import { createKeyRepository, type KeyRecord } from '../../../gateway/store/key-repository.ts'
import { createSettingsRepository } from '../../../gateway/store/settings-repository.ts'
import { createSwitchRepository } from '../../../gateway/store/switch-repository.ts'
import { useTemporaryDirectories } from './temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
let database: Database

beforeEach(() => {
  database = openDatabase(join(temporaryDirectory(), 'signalbox.db'))
})

afterEach(() => {
  database.close()
})

function keyDouble(given: Partial<KeyRecord> & { readonly hash: string }): KeyRecord {
  return {
    id: given.hash,
    alias: null,
    kind: 'virtual',
    name: 'sk-...abcd',
    models: [],
    createdAt: 1000,
    expiresAt: null,
    blocked: false,
    settings: plainKeySettings,
    ...given,
  }
}

describe('settings', () => {
  it('keep any JSON value under a key, the last one written', async () => {
    const settings = createSettingsRepository({ database })
    expect(await settings.get('demo')).toBeUndefined()
    for (const value of [true, null, 'text', 1.5, { list: [1, 2] }]) {
      await settings.set('demo', value)
      expect(await settings.get('demo')).toEqual(value)
    }
    expect(await settings.delete('demo')).toBe(true)
    expect(await settings.delete('demo')).toBe(false)
    expect(await settings.get('demo')).toBeUndefined()
  })
})

describe('router switches', () => {
  it('keep only positions other than auto', async () => {
    const switches = createSwitchRepository({ database })
    await switches.set('a-router', { mode: 'pinned', tier: 'COMPLEX' })
    await switches.set('b-router', { mode: 'off' })
    await switches.set('c-router', { mode: 'auto' })
    expect(await switches.all()).toEqual(
      new Map([
        ['a-router', { mode: 'pinned', tier: 'COMPLEX' }],
        ['b-router', { mode: 'off' }],
      ]),
    )
    await switches.set('a-router', { mode: 'off' })
    await switches.set('b-router', { mode: 'auto' })
    expect(await switches.all()).toEqual(new Map([['a-router', { mode: 'off' }]]))
  })

  it('read a pin to a tier this version does not know as off', async () => {
    database.exec(`INSERT INTO router_switches (router, mode, tier) VALUES ('a-router', 'pinned', 'SUPREME')`)
    expect(await createSwitchRepository({ database }).all()).toEqual(new Map([['a-router', { mode: 'off' }]]))
  })
})

describe('keys', () => {
  it('come back as they were stored, oldest first', async () => {
    const keys = createKeyRepository({ database })
    const younger = keyDouble({ hash: 'aa', createdAt: 2000, kind: 'management', blocked: true })
    const older = keyDouble({ hash: 'bb', alias: 'laptop', models: ['gpt-5.5', 'a-router'], expiresAt: 5000 })
    await keys.insert(younger)
    await keys.insert(older)
    expect(await keys.all()).toEqual([older, younger])
    expect(await keys.find('bb')).toEqual(older)
    expect(await keys.find('cc')).toBeUndefined()
  })

  it('refuse a hash or an alias that is taken, and allow many without alias', async () => {
    const keys = createKeyRepository({ database })
    await keys.insert(keyDouble({ hash: 'aa', alias: 'laptop' }))
    await keys.insert(keyDouble({ hash: 'bb' }))
    await keys.insert(keyDouble({ hash: 'cc' }))
    await expect(keys.insert(keyDouble({ hash: 'dd', alias: 'laptop' }))).rejects.toMatchObject({
      code: 'conflict',
      param: 'key_alias',
    })
    await expect(keys.insert(keyDouble({ hash: 'aa' }))).rejects.toMatchObject({ code: 'conflict', param: 'key' })
    await expect(keys.update('bb', { alias: 'laptop' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await keys.all()).toHaveLength(3)
  })

  it('change only what is asked', async () => {
    const keys = createKeyRepository({ database })
    const key = keyDouble({ hash: 'aa', alias: 'laptop', models: ['m'] })
    await keys.insert(key)
    expect(await keys.update('aa', { blocked: true })).toEqual({ ...key, blocked: true })
    expect(await keys.update('aa', { alias: null, models: [] })).toEqual({
      ...key,
      alias: null,
      models: [],
      blocked: true,
    })
    expect(await keys.find('aa')).toEqual({ ...key, alias: null, models: [], blocked: true })
    expect(await keys.update('zz', { blocked: true })).toBeUndefined()
  })

  it('are gone once deleted', async () => {
    const keys = createKeyRepository({ database })
    await keys.insert(keyDouble({ hash: 'aa' }))
    expect(await keys.delete('aa')).toBe(true)
    expect(await keys.delete('aa')).toBe(false)
    expect(await keys.all()).toEqual([])
  })
})

describe('the use of daily quotas', () => {
  const use = { startsAt: 1_000, endsAt: 2_000, requests: 3, tokens: 40 }

  it('is kept by deployment, the last one written', async () => {
    const uses = createDayUseRepository({ database })
    await uses.save(new Map([['a', use]]), 1_500)
    await uses.save(
      new Map([
        ['a', { ...use, requests: 4 }],
        ['b', use],
      ]),
      1_500,
    )
    expect(await uses.all()).toEqual(
      new Map([
        ['a', { ...use, requests: 4 }],
        ['b', use],
      ]),
    )
  })

  it('is dropped when its day is over', async () => {
    const uses = createDayUseRepository({ database })
    await uses.save(new Map([['a', use]]), 1_500)
    await uses.save(new Map([['b', { ...use, endsAt: 9_000 }]]), 2_001)
    expect([...(await uses.all()).keys()]).toEqual(['b'])
  })
})
