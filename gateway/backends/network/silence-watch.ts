import type { ConnectProbe } from './connect-probe.ts'
import type { SocketSigns } from './proc-sockets.ts'

export interface SilenceDependencies {
  readonly signs: SocketSigns
  readonly probe: ConnectProbe
  /** ms since the epoch. */
  readonly now: () => number
  /** Must not keep the process alive. */
  readonly schedule: (ms: number, work: () => void) => () => void
  /** Running requests of a host and ms since the last byte from it; undefined = none run. */
  readonly traffic: (host: string) => { readonly quietMs: number } | undefined
  /** Where a host is, as far as it is up, and how long its connections usually take in ms; undefined = nothing to ask. */
  readonly place: (host: string) => SilencePlace | undefined
  /** Its path passes no traffic: its own connections and new ones go unanswered. */
  readonly onSilent: (host: string) => void
}

export interface SilencePlace {
  readonly address: string
  readonly port: number
  readonly usualMs: number | undefined
}

/** Finds out that a path swallows everything while a request waits on it. */
export interface SilenceWatch {
  /** A request to the host begins. */
  began(host: string): void
  close(): void
}

const lookMs = 120
const quietMs = 150
/** A host whose connections take longer than this is given the time of the slower way (NetworkWatch). */
const longestUsualMs = 150
const leastPatienceMs = 350
const connections = 3
const betweenMs = 60
/** After new connections were answered: the packets that were lost come again by themselves. */
const calmMs = 2_000

/**
 * A path that drops everything gives no error: a request would wait until somebody looks. Here the kernel's own
 * bookkeeping is read while a request waits: once a connection's packets stay unacknowledged in two looks, new connections
 * are tried beside it, and only when all of them go unanswered too, and the first packets still are, the host is silent.
 * A model that thinks for minutes is never taken for one: its kernel acknowledges.
 */
export function createSilenceWatch(dependencies: SilenceDependencies): SilenceWatch {
  const { signs, now, schedule, traffic, place, onSilent } = dependencies
  const hosts = new Map<string, { suspected: boolean; asking: boolean; calmUntil: number }>()
  let callOff: (() => void) | undefined
  let isClosed = false

  const look = async (host: string): Promise<void> => {
    const state = hosts.get(host)
    const running = traffic(host)
    if (state === undefined || state.asking) return
    if (running === undefined) return void hosts.delete(host)
    const where = place(host)
    if (where === undefined || running.quietMs < quietMs || now() < state.calmUntil) {
      state.suspected = false
      return
    }
    state.asking = true
    try {
      if (!(await signs(where.address))) state.suspected = false
      else if (!state.suspected) state.suspected = true
      else if (await answers(where, dependencies)) state.calmUntil = now() + calmMs
      // A busy machine may have seen the answers late; its kernel has not.
      else if (!isClosed && (await signs(where.address))) onSilent(host)
    } finally {
      state.asking = false
    }
  }
  const plan = (): void => {
    if (isClosed || hosts.size === 0 || callOff !== undefined) return
    callOff = schedule(lookMs, () => {
      callOff = undefined
      void Promise.all([...hosts.keys()].map((host) => look(host))).finally(plan)
    })
  }
  return {
    began(host) {
      if (hosts.has(host) || place(host) === undefined) return
      hosts.set(host, { suspected: false, asking: false, calmUntil: 0 })
      plan()
    },
    close() {
      isClosed = true
      callOff?.()
      hosts.clear()
    },
  }
}

/** True as soon as one of several connections is made or refused within the host's patience. */
async function answers(
  { address, port, usualMs }: SilencePlace,
  { probe, schedule }: Pick<SilenceDependencies, 'probe' | 'schedule'>,
): Promise<boolean> {
  if (usualMs === undefined || usualMs > longestUsualMs) return true
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const callOffs = [schedule(Math.max(leastPatienceMs, usualMs * 8), () => resolve(false))]
  const ask = async (): Promise<void> => {
    const { kind } = await probe(address, port)
    // Any word of the network is an answer: other parts judge what it means.
    if (kind !== 'silent') resolve(true)
  }
  void ask()
  for (let count = 1; count < connections; count += 1) callOffs.push(schedule(count * betweenMs, () => void ask()))
  try {
    return await promise
  } finally {
    for (const each of callOffs) each()
  }
}
