import { afterEach, expect, it, vi } from 'vitest'
import type { RememberedBackend } from '../../../gateway/backends/backend.ts'
import { createDiscovery, type Discovery } from '../../../gateway/backends/discovery.ts'
import { type HostState, unknownReachability } from '../../../gateway/backends/host-reachability.ts'
import type { Listener } from '../../../gateway/backends/listeners/listener.ts'
import { createProbeClient } from '../../../gateway/backends/probe/probe-client.ts'
import { backendFixture, otherFixture, startFakeBackend } from '../../doubles/backends/fake-server.ts'

const open: { close(): void | Promise<void> }[] = []

afterEach(async () => {
  for (const opened of open.splice(0)) await opened.close()
})

/** A discovery whose timers run only when the test says so, on a machine where the given sockets listen. */
function stage(
  remembered: readonly RememberedBackend[] = [],
  hostState?: HostState,
  onlyPorts: readonly number[] = [],
) {
  const listening: Listener[] = []
  const planned = new Set<() => void>()
  const saved: (readonly RememberedBackend[])[] = []
  const asked: string[] = []
  const discovery = createDiscovery({
    client: createProbeClient({
      userAgent: 'Signalbox/test',
      monotonic: () => performance.now(),
      log: (_method, url) => asked.push(url),
    }),
    listeners: { cheap: true, list: async () => [...listening], processesOf: async () => new Map() },
    reachability: { ...unknownReachability, of: () => hostState },
    memory: { load: async () => remembered, save: (list) => void saved.push(list) },
    schedule: (_ms, work) => {
      planned.add(work)
      return () => planned.delete(work)
    },
    now: () => 1_000_000_000_000,
    random: () => 0.5,
    environment: {},
    ownPid: 1,
    ownPorts: () => new Set(),
    onlyPorts,
  })
  open.push(discovery)
  const runTimers = (): void => {
    const due = [...planned]
    planned.clear()
    for (const work of due) work()
  }
  return { discovery, listening, planned, saved, asked, runTimers }
}

const namedServer = {
  name: 'gpu',
  place: { kind: 'url', url: 'http://127.0.0.1:9' },
  vendor: undefined,
  apiKey: { kind: 'none' },
  network: 'vpn',
  enabled: true,
  line: 1,
} as const

function changed(discovery: Discovery, fits: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = discovery.onChange(() => {
      if (!fits()) return
      stop()
      resolve()
    })
    if (fits()) resolve()
  })
}

it('has no timer while it is off and nothing is named', async () => {
  const { discovery, planned, asked } = stage()
  await discovery.follow({ named: [], loopback: false })
  expect([planned.size, asked.length]).toEqual([0, 0])
})

it('sees an earlier seen server come and go by the socket table alone', async () => {
  const fake = await startFakeBackend(backendFixture('ollama'))
  open.push(fake)
  const seen = { url: fake.url, name: 'ollama', vendor: 'ollama', lastSeenAt: 999_999_999_999 } as const
  const { discovery, listening, runTimers, saved } = stage([seen])
  await discovery.follow({ named: [], loopback: true })
  await changed(discovery, () => discovery.backends()[0]?.state === 'up')
  listening.push({ port: fake.port, host: '127.0.0.1', id: 'inode:1' })
  runTimers()
  await changed(discovery, () => discovery.backends()[0]?.state === 'up')
  await fake.close()
  listening.length = 0
  const gone = changed(discovery, () => discovery.backends()[0]?.state === 'down')
  runTimers()
  await gone
  expect(discovery.backends()[0]).toMatchObject({ name: 'ollama', vendor: 'ollama' })
  expect(saved.at(-1)).toMatchObject([{ url: fake.url, name: 'ollama', vendor: 'ollama' }])
})

it('asks a server that is down nothing before it takes connections', async () => {
  const first = await startFakeBackend(backendFixture('ollama'))
  const { port, url } = first
  await first.close()
  const { discovery, planned, runTimers, asked } = stage()
  await discovery.follow({ named: [{ ...namedServer, place: { kind: 'url', url } }], loopback: false })
  await changed(discovery, () => discovery.backends()[0]?.state === 'down')
  const questions = asked.length
  for (let turn = 0; turn < 5; turn += 1) {
    await vi.waitUntil(() => planned.size > 0, { timeout: 10_000 })
    runTimers()
  }
  await vi.waitUntil(() => planned.size > 0, { timeout: 10_000 })
  expect(asked).toHaveLength(questions)
  open.push(await startFakeBackend(backendFixture('ollama'), port))
  const up = changed(discovery, () => discovery.backends()[0]?.state === 'up')
  runTimers()
  await up
  expect(asked.length).toBeGreaterThan(questions)
})

it('forgets one that was only offered once nobody listens there any longer', async () => {
  const fake = await startFakeBackend(otherFixture('generic'))
  open.push(fake)
  const { discovery, listening, runTimers } = stage([], undefined, [fake.port])
  listening.push({ port: fake.port, host: '127.0.0.1', id: 'inode:1' })
  await discovery.follow({ named: [], loopback: true })
  await changed(discovery, () => discovery.backends()[0]?.state === 'up')
  expect(discovery.backends()[0]?.added).toBe(false)
  await fake.close()
  listening.length = 0
  const gone = changed(discovery, () => discovery.backends().length === 0)
  runTimers()
  await gone
})

it('asks nothing of a host that cannot be reached, and says why', async () => {
  const { discovery, asked } = stage([], { state: 'down', reason: 'cannot be reached: the VPN is off' })
  await discovery.follow({ named: [namedServer], loopback: false })
  await changed(discovery, () => discovery.backends()[0]?.state === 'down')
  expect(discovery.backends()[0]?.reason).toBe('cannot be reached: the VPN is off')
  expect(asked).toEqual([])
})
