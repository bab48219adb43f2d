import type { ConnectProbe } from './connect-probe.ts'
import type { NetworkEvents } from './events/network-events.ts'
import { confirmMs, type Contact, type HostMemory, isLost, portState, type Surroundings } from './host-machine.ts'
import { type HostReport, reportOf } from './host-report.ts'
import { HostWatch, type KnownHost } from './host-watch.ts'
import { wordsFor, type Words } from './network-words.ts'
import { QuietRequests } from './quiet-requests.ts'
import type { NameLookup } from './resolve-name.ts'
import { sharePath } from './route.ts'
import type { RouteLookup } from './route-lookup.ts'
import { labelOf, type WatchedHost } from './watched-hosts.ts'

export interface NetworkWatchDependencies {
  readonly route: RouteLookup
  readonly resolve: NameLookup
  readonly probe: ConnectProbe
  /** Undefined where the system does not tell of changes. */
  readonly events: NetworkEvents | undefined
  /** ms since the epoch. */
  readonly now: () => number
  /** Must not keep the process alive. */
  readonly schedule: (ms: number, work: () => void) => () => void
  /** Running requests of a host and ms since the last byte from it; undefined = none run. */
  readonly traffic: (host: string) => { readonly quietMs: number } | undefined
  /** Discards the connections to a host; what runs on them fails with this sentence part. */
  readonly drop: (host: string, reason: string) => void
  /** What was learned in earlier runs, by host. */
  readonly known: ReadonlyMap<string, KnownHost>
  readonly save: (known: ReadonlyMap<string, KnownHost>) => void
  /** A host was lost or is back. */
  readonly onTurn: (host: string, memory: HostMemory, words: Words | undefined) => void
}

/** Follows the paths to hosts. Nothing runs while there is none to follow. */
export interface NetworkWatch {
  follow(hosts: readonly WatchedHost[]): void
  /** Undefined for a host that is not followed. */
  report(host: string): HostReport | undefined
  /** One port of it; undefined when the host is not followed. */
  port(
    host: string,
    port: number,
  ): (Pick<HostMemory, 'state' | 'cause'> & { readonly words: Words | undefined }) | undefined
  reports(): readonly HostReport[]
  /** What tells of changes: `ip monitor`, or `polling`. */
  readonly source: string
  /** A request to the host begins: whether the way is still there is asked at once. */
  began(host: string): void
  /** A connection of somebody else. */
  note(host: string, contact: Omit<Contact, 'at'>): void
  /** Whatever is sent to the host goes unanswered. */
  fellSilent(host: string): void
  /** Asks everything anew: the way to every host, and whether it still gives a connection. Ends when that is known. */
  refresh(): Promise<void>
  onChange(listener: () => void): () => void
  close(): void
}

export function createNetworkWatch(dependencies: NetworkWatchDependencies): NetworkWatch {
  return new PathWatch(dependencies)
}

/** Without events every change of a route has to be noticed by asking. */
const pollMs = 1_000
/** With them a look is for what they miss. */
const backstopMs = 15_000
/** The clock is looked at so often: a jump tells that the machine slept. */
const clockMs = 5_000
const trafficMs = 500
const burstMs = 200
const longestBurstMs = 2_000
const urgentMs = 4_000
const resumeMs = 12_000
/** A timer this late: the machine slept. */
const sleptMs = 5_000

class PathWatch implements NetworkWatch {
  readonly #dependencies: NetworkWatchDependencies
  readonly #hosts = new Map<string, HostWatch>()
  readonly #known: Map<string, KnownHost>
  readonly #listeners = new Set<() => void>()
  readonly #quiet = new QuietRequests()
  #stopEvents: (() => void) | undefined
  #eventsGone = false
  #callOffTick: (() => void) | undefined
  #dueAt = Infinity
  #callOffBurst: (() => void) | undefined
  #burstSince = 0
  #lookedAt = 0
  #tickedAt = 0

  constructor(dependencies: NetworkWatchDependencies) {
    this.#dependencies = dependencies
    this.#known = new Map(dependencies.known)
  }

  get source(): string {
    const { events } = this.#dependencies
    return events === undefined || this.#eventsGone ? 'polling' : events.name
  }

  follow(hosts: readonly WatchedHost[]): void {
    const wanted = new Map(hosts.map((wish) => [wish.host, wish]))
    for (const [host, watch] of this.#hosts) {
      if (wanted.has(host)) continue
      watch.close()
      this.#hosts.delete(host)
    }
    for (const wish of hosts) this.#add(wish)
    if (this.#hosts.size === 0) return this.#rest()
    this.#listen()
    this.#arm()
  }

  report(host: string): HostReport | undefined {
    const watch = this.#hosts.get(host)
    return watch === undefined ? undefined : reportOf(watch)
  }

  port(host: string, port: number) {
    const watch = this.#hosts.get(host)
    if (watch === undefined) return undefined
    const judgement = portState(watch.memory, port)
    return {
      ...judgement,
      words: wordsFor({ ...watch.memory, ...judgement, ...watch.wish, host: labelOf(watch.wish) }),
    }
  }

  reports(): readonly HostReport[] {
    return [...this.#hosts.values()].map(reportOf)
  }

  began(host: string): void {
    const watch = this.#hosts.get(host)
    if (watch === undefined) return
    void watch.look().finally(() => this.#arm())
    this.#arm()
  }

  note(host: string, contact: Omit<Contact, 'at'>): void {
    this.#hosts.get(host)?.note(contact)
    this.#arm()
  }

  fellSilent(host: string): void {
    this.#hosts.get(host)?.fellSilent()
    this.#arm()
  }

  async refresh(): Promise<void> {
    this.#lookedAt = this.#dependencies.now()
    await Promise.all(
      [...this.#hosts.values()].map(async (watch) => {
        watch.hurry(urgentMs)
        await watch.contact()
        // One that was lost needs a second success.
        if (watch.memory.confirmingSince === undefined) return
        await this.#pass(confirmMs + 10)
        await watch.contact()
      }),
    )
    this.#arm()
  }

  #pass(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#dependencies.schedule(ms, resolve)
    return promise
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    for (const watch of this.#hosts.values()) watch.close()
    this.#hosts.clear()
    this.#listeners.clear()
    this.#rest()
  }

  #add(wish: WatchedHost): void {
    const present = this.#hosts.get(wish.host)
    if (present !== undefined) return present.rename(wish)
    const { route, resolve, probe, now } = this.#dependencies
    const watch = new HostWatch(
      wish,
      {
        route,
        resolve,
        probe,
        now,
        around: (self) => this.#around(self),
        onStep: (self, before) => this.#stepped(self, before),
      },
      this.#known.get(wish.host),
    )
    this.#hosts.set(wish.host, watch)
    void watch.contact().finally(() => this.#arm())
  }

  #rest(): void {
    this.#stopEvents?.()
    this.#stopEvents = undefined
    this.#callOffTick?.()
    this.#callOffTick = undefined
    this.#dueAt = Infinity
    this.#callOffBurst?.()
    this.#callOffBurst = undefined
  }

  #listen(): void {
    const { events } = this.#dependencies
    if (events === undefined || this.#stopEvents !== undefined || this.#eventsGone) return
    this.#stopEvents = events.start(
      () => this.#happened(),
      () => {
        this.#eventsGone = true
        this.#arm()
      },
    )
  }

  /** At once, and again when a burst of changes is over: the first of them may be the one that matters. */
  #happened(): void {
    const { now, schedule } = this.#dependencies
    if (this.#callOffBurst === undefined) {
      this.#burstSince = now()
      this.#urge(urgentMs)
    } else {
      for (const watch of this.#hosts.values()) void watch.look().finally(() => this.#arm())
    }
    if (this.#callOffBurst !== undefined && now() - this.#burstSince > longestBurstMs) return
    this.#callOffBurst?.()
    this.#callOffBurst = schedule(burstMs, () => {
      this.#callOffBurst = undefined
      this.#urge(urgentMs)
    })
  }

  #urge(forMs: number): void {
    this.#lookedAt = this.#dependencies.now()
    for (const watch of this.#hosts.values()) {
      watch.hurry(forMs)
      void watch.look().finally(() => this.#arm())
    }
  }

  #around(self: HostWatch): Surroundings {
    const { wish, memory } = self
    const lastAt = Math.max(0, ...[...memory.contacts.values()].map(({ at }) => at))
    const others = [...this.#hosts.values()].filter(
      (other) => other !== self && sharePath(memory.route, other.memory.route) && other.memory.contacts.size > 0,
    )
    const isAnswering = others.some(
      ({ memory: { lastUpAt, silent } }) => silent === 0 && lastUpAt !== undefined && lastUpAt >= lastAt - 2_000,
    )
    const siblings = others.length === 0 ? 'none' : isAnswering ? 'answering' : 'silent'
    return { network: wish.network, siblings, canBeProven: wish.ports.length > 0 }
  }

  #stepped(watch: HostWatch, before: HostMemory): void {
    const { memory, host } = watch
    const { onTurn, drop } = this.#dependencies
    if (memory.learned !== before.learned) this.#remember(watch)
    const words = reportOf(watch).words
    const isGone = isLost(memory.state) && !isLost(before.state)
    if (isGone) drop(host, words?.reason ?? 'cannot be reached')
    else if (hasOtherSource(before, memory)) drop(host, 'is reached over another network now')
    if (memory.state !== before.state) onTurn(host, memory, words)
    const isNews = memory.state !== before.state || memory.cause !== before.cause
    if (isNews || memory.contacts !== before.contacts) this.#askSiblings(watch, before)
    if (isNews || portsDiffer(before, memory)) for (const listener of this.#listeners) listener()
  }

  /** Whether one is silent alone is known from the others on its path. */
  #askSiblings(watch: HostWatch, before: HostMemory): void {
    const fellSilent = watch.memory.silent > before.silent
    for (const other of this.#hosts.values()) {
      if (other === watch || !sharePath(watch.memory.route, other.memory.route)) continue
      if (fellSilent && watch.memory.silent === 1 && isReached(other.memory)) void other.contact()
      else if (other.memory.silent > 0 && isLost(other.memory.state)) other.rejudge()
    }
  }

  #remember({ host, memory, address }: HostWatch): void {
    if (memory.learned === undefined || address === undefined) return
    this.#known.set(host, { learned: memory.learned, address })
    this.#dependencies.save(this.#known)
  }

  /** One timer for all: the next poll, the next try, the next look at what runs. */
  #arm(): void {
    if (this.#hosts.size === 0) return
    const { now, schedule } = this.#dependencies
    let due = Math.min(this.#lookedAt + this.#pollEvery(), Math.max(this.#tickedAt, this.#lookedAt) + clockMs)
    for (const { nextAt } of this.#hosts.values()) due = Math.min(due, nextAt)
    if (this.#callOffTick !== undefined && this.#dueAt <= due) return
    this.#callOffTick?.()
    this.#dueAt = due
    this.#callOffTick = schedule(Math.max(0, due - now()), () => this.#tick())
  }

  #pollEvery(): number {
    const { events, traffic } = this.#dependencies
    for (const host of this.#hosts.keys()) if (traffic(host) !== undefined) return trafficMs
    return events?.complete === true && !this.#eventsGone ? backstopMs : pollMs
  }

  #tick(): void {
    const { now } = this.#dependencies
    const late = now() - this.#dueAt
    this.#callOffTick = undefined
    this.#dueAt = Infinity
    this.#tickedAt = now()
    if (late > sleptMs) this.#urge(resumeMs)
    const isPoll = now() - this.#lookedAt >= this.#pollEvery()
    if (isPoll) this.#lookedAt = now()
    for (const watch of this.#hosts.values()) {
      const { host, memory } = watch
      const isQuiet = this.#quiet.isDue(host, this.#dependencies.traffic(host), memory.silent > 0, now())
      if (watch.nextAt <= now() || isQuiet) void watch.contact().finally(() => this.#arm())
      else if (isPoll) void watch.look().finally(() => this.#arm())
    }
    this.#arm()
  }
}

/** One that refuses answers, too. */
function isReached({ state }: HostMemory): boolean {
  return state === 'up' || state === 'service_down'
}

/** Connections are bound to the address they were made from. */
function hasOtherSource({ route: before }: HostMemory, { route }: HostMemory): boolean {
  return before?.kind === 'path' && route?.kind === 'path' && before.source !== route.source
}

function portsDiffer(before: HostMemory, after: HostMemory): boolean {
  if (before.contacts === after.contacts) return false
  return [...after.contacts.values()].some(({ port, kind }) => before.contacts.get(port)?.kind !== kind)
}
