import { afterEach, describe, expect, it } from 'vitest'
import { createMachine, type Machine } from '../../doubles/backends/machine.ts'
import { backendFixture } from '../../doubles/backends/fake-server.ts'

let machine: Machine | undefined

afterEach(() => machine?.discovery.close())

function machineOf(...given: Parameters<typeof createMachine>): Machine {
  machine = createMachine(...given)
  return machine
}

const looking = { named: [], loopback: true } as const
const ollamaAt = 'http://127.0.0.1:11434'
const seenOllama = { url: ollamaAt, name: 'ollama', vendor: 'ollama', lastSeenAt: 1 } as const
const vendors = ['ollama', 'llamacpp', 'vllm', 'lmstudio', 'localai', 'koboldcpp', 'sglang', 'tgi', 'mlx', 'jan']
const ten = vendors.map((vendor, index) => ({
  vendor,
  url: `http://127.0.0.1:${[11434, 8080, 8000, 1234, 8001, 5001, 30000, 3000, 9931, 1337][index]}`,
}))

function named(url: string) {
  return {
    name: 'gpu-node',
    place: { kind: 'url', url },
    vendor: undefined,
    apiKey: { kind: 'none' },
    network: undefined,
    enabled: true,
    line: 1,
  } as const
}

const state = (of: Machine): string | undefined => of.discovery.backends()[0]?.state
const hasModels = (of: Machine): boolean => (of.discovery.backends()[0]?.models.length ?? 0) > 0

describe('how soon a server is noticed', () => {
  it.each([0, 350, 999, 17_000, 3_600_123])('an earlier seen one within 2 s, %i ms after the start', async (after) => {
    const here = machineOf([seenOllama])
    await here.discovery.follow(looking)
    await here.pass(after)
    expect(state(here)).toBe('down')
    here.begin(ollamaAt, backendFixture('ollama'))
    expect(await here.timeUntil(2_000, () => state(here) === 'up' && hasModels(here))).toBeLessThanOrEqual(2_000)
  })

  it.each([0, 350, 999, 17_000, 3_600_123])('one named elsewhere within 2 s, %i ms after the start', async (after) => {
    const here = machineOf()
    await here.discovery.follow({ named: [named('http://10.20.0.5:8000')], loopback: false })
    await here.pass(after)
    expect(state(here)).toBe('down')
    here.begin('http://10.20.0.5:8000', backendFixture('vllm'))
    expect(await here.timeUntil(2_000, () => state(here) === 'up')).toBeLessThanOrEqual(2_000)
  })

  it.each([0, 350, 4_999, 3_600_123])(
    'a new one within 10 s without a connection to a port where nobody is, %i ms after the start',
    async (after) => {
      const here = machineOf()
      await here.discovery.follow(looking)
      await here.pass(after)
      expect(here.counts.probes).toBe(0)
      here.begin(ollamaAt, backendFixture('ollama'))
      expect(await here.timeUntil(10_000, () => state(here) === 'up' && hasModels(here))).toBeLessThanOrEqual(10_000)
    },
  )

  it('one that has gone is waited for from the moment it was missed', async () => {
    const here = machineOf()
    here.begin(ollamaAt, backendFixture('ollama'))
    await here.discovery.follow(looking)
    await here.pass(60_000)
    here.end(ollamaAt)
    // A request that could not connect tells of it before the next look.
    here.discovery.noteConnectFailure(`${ollamaAt}/v1`)
    await here.pass(10)
    expect(state(here)).toBe('down')
    here.begin(ollamaAt, backendFixture('ollama'))
    expect(await here.timeUntil(2_000, () => state(here) === 'up')).toBeLessThanOrEqual(2_000)
  })

  it('the going of a server shows by the next look', async () => {
    const here = machineOf()
    here.begin(ollamaAt, backendFixture('ollama'))
    await here.discovery.follow(looking)
    await here.pass(600_000)
    here.end(ollamaAt)
    const probes = here.counts.probes
    expect(await here.timeUntil(5_000, () => state(here) === 'down')).toBeLessThanOrEqual(5_000)
    expect(here.counts.probes).toBe(probes)
  })

  it('another server on the same port is proven anew', async () => {
    const here = machineOf()
    here.begin(ollamaAt, backendFixture('ollama'))
    await here.discovery.follow(looking)
    await here.pass(600_000)
    here.end(ollamaAt)
    here.begin(ollamaAt, backendFixture('koboldcpp'))
    await here.timeUntil(5_000, () => here.discovery.backends()[0]?.vendor === 'koboldcpp')
    expect(here.discovery.backends().map(({ vendor }) => vendor)).toEqual(['koboldcpp'])
  })
})

describe('what is asked of servers that nobody uses', () => {
  it('grows rare: each at most once a minute, all of them in common moments', async () => {
    const here = machineOf()
    for (const { vendor, url } of ten) here.begin(url, backendFixture(vendor))
    await here.discovery.follow(looking)
    await here.pass(300_000)
    expect(here.discovery.backends().filter((backend) => backend.state === 'up')).toHaveLength(10)
    const { probes, looks, wakeUps } = { ...here.counts }
    await here.pass(3_600_000)
    // A look every 5 s, readings within the same moments; a reading takes three requests at most.
    expect(here.counts.looks - looks).toBe(720)
    expect(here.counts.wakeUps - wakeUps).toBeLessThanOrEqual(725)
    expect(here.counts.probes - probes).toBeLessThanOrEqual(10 * 61 * 3)
  })

  it('ten that are gone are not asked at all: the socket table tells of their return', async () => {
    const here = machineOf(
      ten.map(({ vendor, url }) => ({ url, name: vendor, vendor: vendor as 'ollama', lastSeenAt: 1 })),
    )
    await here.discovery.follow(looking)
    await here.pass(10_000)
    const { probes, wakeUps } = { ...here.counts }
    await here.pass(3_600_000)
    expect(here.counts.probes).toBe(probes)
    expect(here.counts.wakeUps - wakeUps).toBeLessThanOrEqual(2_401)
  })

  it('is asked again soon when it was used or somebody looks, however often that is said', async () => {
    const here = machineOf()
    here.begin(ollamaAt, backendFixture('ollama'))
    await here.discovery.follow(looking)
    await here.pass(600_000)
    for (const tell of [() => here.discovery.expectNews(`${ollamaAt}/v1`), () => here.discovery.expectNews()]) {
      const before = here.counts.probes
      for (let count = 0; count < 50; count += 1) {
        tell()
        await here.pass(100)
      }
      // One reading, or two where the five seconds hold two of the common moments; without being told it is none.
      expect(here.counts.probes - before).toBeGreaterThanOrEqual(3)
      expect(here.counts.probes - before).toBeLessThanOrEqual(6)
      await here.pass(601_000)
    }
  })
})
