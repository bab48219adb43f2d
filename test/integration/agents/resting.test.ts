import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentService, createAgentService } from '../../../gateway/agents/agent-service.ts'
import { type AgentHome, createAgentHome, testModel } from './agent-home.ts'

type Key = Awaited<ReturnType<Parameters<typeof createAgentService>[0]['keys']['list']>>[number]

let home: AgentHome
let keys: Key[]
let models: string[]
let service: AgentService
const file = () => join(home.path, '.config/opencode/opencode.json')
const secretOf = () => home.exporter.secret('opencode')

beforeEach(() => {
  home = createAgentHome()
  keys = []
  models = ['auto', 'small']
  service = createAgentService({
    place: home.place,
    exporter: home.exporter,
    now: () => 0,
    models: () => Promise.resolve({ url: 'http://127.0.0.1:4000', models: models.map((name) => testModel(name)) }),
    exists: () => true,
    ask: () => Promise.resolve(undefined),
    keys: {
      list: () => Promise.resolve(keys),
      create: ({ alias }) => {
        const secret = `sk-made-for-this-test-${keys.length}000`
        const id = `key-${keys.length}`
        keys.push({ id, alias, name: `sk-...${secret.slice(-4)}`, expiresAt: null, blocked: false })
        return Promise.resolve({ id, secret })
      },
      unblock: () => Promise.resolve(),
      delete: (id) => Promise.resolve(void (keys = keys.filter((key) => key.id !== id))),
    },
  })
})
afterEach(() => home.remove())

describe('exports that rest while the gateway does not run', () => {
  it('leave the files byte for byte as before, and come back with the same models and the same key', async () => {
    const before = '{\n  // mine\n  "theme": "dark",\n}\n'
    home.put('.config/opencode/opencode.json', before)
    await service.connect('opencode', { model: 'small' })
    const connected = readFileSync(file(), 'utf8')
    const secret = secretOf()
    expect(await service.rest()).toEqual(['opencode'])
    expect(readFileSync(file(), 'utf8')).toBe(before)
    expect([keys.length, secretOf()]).toEqual([1, secret])
    expect(await service.wake()).toEqual(['opencode'])
    expect(readFileSync(file(), 'utf8')).toBe(connected)
    expect([keys.length, secretOf()]).toEqual([1, secret])
    // Each once: there is nothing left to wake, and an undo still leads to the first text.
    expect(await service.wake()).toEqual([])
    await service.disconnect('opencode')
    expect(readFileSync(file(), 'utf8')).toBe(before)
    expect([keys.length, secretOf()]).toEqual([0, undefined])
  })

  it('keep what was written by hand meanwhile', async () => {
    home.put('.config/opencode/opencode.json', '{}')
    await service.connect('opencode', {})
    await service.rest()
    writeFileSync(file(), '{ "theme": "light" }')
    await service.wake()
    expect(readFileSync(file(), 'utf8')).toContain('"theme": "light"')
    await service.disconnect('opencode')
    expect(readFileSync(file(), 'utf8')).toBe('{ "theme": "light" }')
  })

  it('take the first router or model where theirs is gone', async () => {
    await service.connect('opencode', { model: 'small' })
    await service.rest()
    models = ['auto']
    await service.wake()
    expect((await service.view('opencode')).model).toBe('auto')
  })

  it('rest and wake together with what stands on them', async () => {
    await service.connect('oh-my-openagent', {})
    expect(await service.rest()).toEqual(['oh-my-openagent', 'opencode'])
    expect(() => statSync(join(home.path, '.omo'))).toThrow('ENOENT')
    expect(await service.wake()).toEqual(['opencode', 'oh-my-openagent'])
    expect((await service.view('oh-my-openagent')).state).toBe('in place')
  })

  it('are those of this gateway only, and another one does not wake them', async () => {
    await service.connect('opencode', {})
    const mine = keys
    keys = []
    expect(await service.rest()).toEqual([])
    keys = mine
    await service.rest()
    keys = []
    expect(await service.wake()).toEqual([])
    keys = mine
    expect(await service.wake()).toEqual(['opencode'])
  })

  it('do not keep each other back: the mark of one that cannot be written stays for the next start', async () => {
    const plain = home.put('.config/opencode/opencode.json', '{}')
    await service.connect('opencode', {})
    await service.connect('crush', {})
    await service.rest()
    writeFileSync(plain, '{ broken')
    await expect(service.wake()).rejects.toThrow('opencode.json')
    expect((await service.view('crush')).state).toBe('in place')
    writeFileSync(plain, '{}')
    expect(await service.wake()).toEqual(['opencode'])
  })
})
