import type { RememberedBackend } from '../../../gateway/backends/backend.ts'
import { createDiscovery, type Discovery } from '../../../gateway/backends/discovery.ts'
import { unknownReachability } from '../../../gateway/backends/host-reachability.ts'
import type { Listener } from '../../../gateway/backends/listeners/listener.ts'
import type { ProbeOutcome } from '../../../gateway/backends/probe/probe-answer.ts'
import type { ProbeClient } from '../../../gateway/backends/probe/probe-client.ts'
import { alignedWait } from '../../../gateway/backends/watch/cadence.ts'
import type { BackendFixture } from './fake-server.ts'

/** A machine without sockets, and a discovery that looks at it, in a time that moves only when a test says so. */
export interface Machine {
  readonly discovery: Discovery
  /** ms since its start. */
  now(): number
  /** A server begins to answer at an address; on loopback it is also in the socket table. */
  begin(url: string, fixture: BackendFixture): void
  end(url: string): void
  /** Moves the time on, running what falls due. */
  pass(ms: number): Promise<void>
  /** ms until the condition holds, looked at after everything that happens; undefined when it never does within `most` ms. */
  timeUntil(most: number, holds: () => boolean): Promise<number | undefined>
  /** Requests sent and looks at the socket table so far. */
  readonly counts: { probes: number; looks: number; wakeUps: number }
}

interface Timer {
  readonly at: number
  readonly work: () => void
}

/** @param remembered servers of an earlier run */
export function createMachine(remembered: readonly RememberedBackend[] = []): Machine {
  const servers = new Map<string, BackendFixture>()
  const listening = new Map<string, Listener>()
  const timers = new Set<Timer>()
  const counts = { probes: 0, looks: 0, wakeUps: 0 }
  let now = 0
  let sockets = 0
  const client: ProbeClient = {
    ask: ({ base, path, body }) => {
      counts.probes += 1
      return Promise.resolve(answer(servers.get(new URL(base).origin), body === undefined ? 'GET' : 'POST', path))
    },
    knock: (base) => {
      const outcome = answer(servers.get(new URL(base).origin), 'GET', '/')
      if (outcome.kind !== 'answer') counts.probes += 1
      return Promise.resolve(outcome.kind === 'answer' ? undefined : outcome)
    },
    close: () => undefined,
  }
  const discovery = createDiscovery({
    client,
    listeners: {
      cheap: true,
      list: () => {
        counts.looks += 1
        return Promise.resolve([...listening.values()])
      },
      processesOf: () => Promise.resolve(new Map()),
    },
    reachability: unknownReachability,
    memory: { load: () => Promise.resolve(remembered), save: () => undefined },
    schedule: (ms, work) => {
      const timer = { at: now + alignedWait(now, ms), work }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    now: () => now,
    random: () => 0.5,
    environment: {},
    ownPid: 1,
    ownPorts: () => new Set(),
  })
  /** The moment of the next timer within the limit, with all timers of that moment run. */
  async function step(limit: number): Promise<boolean> {
    const at = Math.min(...[...timers].map((timer) => timer.at))
    if (at > limit) return false
    now = at
    counts.wakeUps += 1
    const due = [...timers].filter((timer) => timer.at <= now)
    for (const timer of due) if (timers.delete(timer)) timer.work()
    await settled()
    return true
  }
  return {
    discovery,
    counts,
    now: () => now,
    begin(url, fixture) {
      servers.set(url, fixture)
      const { hostname, port } = new URL(url)
      sockets += 1
      if (hostname === '127.0.0.1') listening.set(url, { port: Number(port), host: hostname, id: `inode:${sockets}` })
    },
    end(url) {
      servers.delete(url)
      listening.delete(url)
    },
    async pass(ms) {
      const end = now + ms
      await settled()
      while (await step(end));
      now = end
    },
    async timeUntil(most, holds) {
      const start = now
      await settled()
      while (!holds()) if (!(await step(start + most))) return undefined
      return now - start
    },
  }
}

/** Everything here is answered without waiting, so one turn of the event loop sees all of it through. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function answer(server: BackendFixture | undefined, method: string, path: string): ProbeOutcome {
  if (server === undefined) return { kind: 'refused', code: 'ECONNREFUSED', connected: false, elapsedMs: 0 }
  const { status = 200, headers = {}, json, byModel, text } = server.routes[`${method} ${path}`] ?? server.unknown
  const first = byModel === undefined ? undefined : Object.values(byModel)[0]
  const value = json ?? first
  return {
    kind: 'answer',
    answer: {
      status,
      headers: { ...server.headers, ...headers },
      text: value === undefined ? (text ?? '') : JSON.stringify(value),
    },
  }
}
