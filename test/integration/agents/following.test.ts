import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentService, createAgentService } from '../../../gateway/agents/agent-service.ts'
import { type AgentHome, createAgentHome, testModel } from './agent-home.ts'

type Keys = Parameters<typeof createAgentService>[0]['keys']
type Key = Awaited<ReturnType<Keys['list']>>[number]

let home: AgentHome
let keys: Key[]
let models: string[]
let service: AgentService
const text = (path: string) => readFileSync(join(home.path, path), 'utf8')

beforeEach(() => {
  home = createAgentHome()
  keys = []
  models = ['auto', 'small']
  const change = (id: string, changes: Partial<Key>) => {
    keys = keys.map((key) => (key.id === id ? { ...key, ...changes } : key))
    return Promise.resolve()
  }
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
        const id = `key-of-${alias}`
        keys.push({ id, alias, name: `sk-...${secret.slice(-4)}`, expiresAt: null, blocked: false })
        return Promise.resolve({ id, secret })
      },
      unblock: (id) => change(id, { blocked: false }),
      delete: (id) => Promise.resolve(void (keys = keys.filter((key) => key.id !== id))),
    },
  })
})
afterEach(() => home.remove())

describe('connected agents when the models change', () => {
  it('follow, those without a key of their own too', async () => {
    await service.connect('oh-my-openagent', { model: 'auto', smallModel: 'small' })
    models = ['auto', 'category/new']
    expect(await service.resync()).toEqual(['opencode', 'oh-my-openagent'])
    expect(text('.omo/omo.jsonc')).toContain('"signalbox/category/new"')
    expect(text('.omo/omo.jsonc')).not.toContain('"signalbox/small"')
    expect(await service.resync()).toEqual([])
  })

  it('follow although the record of another is damaged', async () => {
    await service.connect('codex', {})
    await service.connect('opencode', {})
    writeFileSync(home.exporter.state.record('codex'), 'not a record')
    models = ['auto', 'small', 'new']
    expect(await service.resync()).toEqual(['opencode'])
    expect(await service.rest()).toEqual(['opencode'])
    expect(await service.wake()).toEqual(['opencode'])
    expect((await service.view('codex')).drift).toEqual([expect.stringContaining('is damaged')])
    expect(home.exporter.hasExports()).toBe(true)
  })

  it('stay as edited by hand, with what stands on them', async () => {
    await service.connect('oh-my-openagent', {})
    const edited = text('.config/opencode/opencode.jsonc').replace('"small_model": "signalbox', '"small_model": "mine')
    writeFileSync(join(home.path, '.config/opencode/opencode.jsonc'), edited)
    models = ['auto', 'new']
    expect(await service.resync()).toEqual([])
    expect(text('.config/opencode/opencode.jsonc')).toBe(edited)
  })

  it('do not keep each other back where one cannot be written', async () => {
    const closed = home.put('.config/opencode/opencode.json', '{}')
    await service.connect('opencode', {})
    await service.connect('crush', {})
    chmodSync(closed, 0o444)
    models = ['auto', 'new']
    await expect(service.resync()).rejects.toThrow('read-only')
    expect(text('.config/crush/crush.json')).toContain('"new"')
  })
})

describe('an agent that stands on another one', () => {
  it('is named when that one is disconnected, and told as leading nowhere', async () => {
    await service.connect('oh-my-openagent', {})
    const { notes } = await service.disconnect('opencode')
    expect(notes).toEqual([expect.stringContaining('`signalbox export oh-my-openagent --undo`')])
    expect(await service.view('oh-my-openagent')).toMatchObject({
      state: 'outdated',
      drift: ['opencode, which it speaks through, is not connected'],
    })
    // Taken back by hand, it is not connected again by itself.
    expect(await service.resync()).toEqual([])
    expect((await service.disconnect('oh-my-openagent')).notes).toEqual([])
  })
})

describe('an agent whose key is let in no more', () => {
  it('is told as such, stays stopped when the models change, and is connected again by hand', async () => {
    await service.connect('crush', {})
    keys = keys.map((key) => ({ ...key, blocked: true }))
    expect(await service.view('crush')).toMatchObject({ state: 'outdated', drift: ['its key is blocked'] })
    models = ['auto', 'new']
    expect(await service.resync()).toEqual([])
    expect(keys[0]?.blocked).toBe(true)
    await service.connect('crush', {})
    expect(keys[0]?.blocked).toBe(false)
    expect((await service.view('crush')).state).toBe('in place')

    keys = []
    expect(await service.view('crush')).toMatchObject({
      state: 'outdated',
      drift: ["its key was revoked, or is another gateway's"],
    })
    expect(await service.resync()).toEqual([])
    await service.connect('crush', {})
    expect(keys).toHaveLength(1)
  })
})
