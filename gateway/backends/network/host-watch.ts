import { isIP } from 'node:net'
import type { ConnectProbe } from './connect-probe.ts'
import {
  type Contact,
  type HostMemory,
  isLost,
  judged,
  type Surroundings,
  unknownHost,
  withContact,
  withRoute,
} from './host-machine.ts'
import { isPrivateAddress } from './private-address.ts'
import { nextContactIn } from './probe-plan.ts'
import type { NameLookup } from './resolve-name.ts'
import type { LearnedPath, Route } from './route.ts'
import type { RouteLookup } from './route-lookup.ts'
import type { WatchedHost } from './watched-hosts.ts'

export interface HostWatchDependencies {
  readonly route: RouteLookup
  readonly resolve: NameLookup
  readonly probe: ConnectProbe
  /** ms since the epoch. */
  readonly now: () => number
  readonly around: (watch: HostWatch) => Surroundings
  /** After anything became known; `before` is the memory of before. */
  readonly onStep: (watch: HostWatch, before: HostMemory) => void
}

/** What was learned of a host in an earlier run. */
export interface KnownHost {
  readonly learned: LearnedPath
  readonly address: string
}

const nameFreshMs = 60_000
/** One port of a host speaks for it; more than these are not asked. */
const mostPorts = 4

/** Follows the way to one host. Asks the kernel, connects now and then, sends no byte. */
export class HostWatch {
  readonly host: string
  #wish: WatchedHost
  readonly #dependencies: HostWatchDependencies
  #memory: HostMemory = unknownHost
  #since: number | undefined
  #address: string | undefined
  #resolvedAt = -Infinity
  #routing: Promise<void> | undefined
  #routeAgain = false
  #probing = 0
  #unchanged = 0
  #tookMs: readonly number[] = []
  #urgentUntil = -Infinity
  #nextAt = 0
  #closed = false

  constructor(wish: WatchedHost, dependencies: HostWatchDependencies, known?: KnownHost) {
    this.host = wish.host
    this.#wish = wish
    this.#dependencies = dependencies
    if (known === undefined) return
    this.#memory = { ...unknownHost, learned: known.learned }
    this.#address = known.address
  }

  get memory(): HostMemory {
    return this.#memory
  }

  /** ms since the epoch when it came into its state; undefined = nothing is known yet. */
  get since(): number | undefined {
    return this.#since
  }

  get wish(): WatchedHost {
    return this.#wish
  }

  /** The IP address that is used; undefined before the name was first known. */
  get address(): string | undefined {
    return this.#address
  }

  /** ms since the epoch when it wants to be looked at again; Infinity = only when something happens. */
  get nextAt(): number {
    return this.#probing > 0 ? Infinity : this.#nextAt
  }

  rename(wish: WatchedHost): void {
    this.#wish = wish
  }

  close(): void {
    this.#closed = true
  }

  /** The network changed, the machine woke up, somebody asked: names are asked anew, tries come quickly for a while. */
  hurry(forMs: number): void {
    this.#urgentUntil = this.#dependencies.now() + forMs
    this.#resolvedAt = -Infinity
    this.#unchanged = 0
    if (this.#memory.state !== 'up') this.#nextAt = this.#dependencies.now()
  }

  /** Asks the kernel for the way. Calls while one is under way are one more. */
  look(): Promise<void> {
    if (this.#routing !== undefined) {
      this.#routeAgain = true
      return this.#routing
    }
    this.#routing = this.#lookNow().finally(() => {
      this.#routing = undefined
    })
    return this.#routing
  }

  /** Tries a connection, unless it is known that there is no way. */
  async contact(): Promise<void> {
    this.#nextAt = Infinity
    await this.look()
    const address = this.#address
    const { route } = this.#memory
    if (this.#closed || address === undefined || route?.kind !== 'path' || !this.#mayConnect()) return this.#plan()
    const ports = this.#wish.ports.slice(0, mostPorts)
    this.#probing += 1
    try {
      await Promise.all(ports.map((port) => this.#connect(address, port, route)))
    } finally {
      this.#probing -= 1
    }
    this.#plan()
  }

  /** A connection of somebody else: a request, a probe of a server. */
  note(contact: Omit<Contact, 'at'>): void {
    if (this.#memory.route?.kind === 'path')
      this.#step((memory, around) => withContact(memory, this.#timed(contact), around))
    else void this.look()
    this.#plan()
  }

  /** How long a connection usually takes, in ms: the median of the last ones; undefined = none was made yet. */
  get usualMs(): number | undefined {
    return this.#tookMs.toSorted((one, other) => one - other)[Math.floor(this.#tookMs.length / 2)]
  }

  /** Whatever is sent there goes unanswered: seen by more than one connection. */
  fellSilent(): void {
    for (const port of this.#wish.ports) {
      for (let seen = 0; seen < 2; seen += 1) this.note({ port, kind: 'silent' })
    }
  }

  /** A sibling became known better. */
  rejudge(): void {
    this.#step(judged)
  }

  async #connect(address: string, port: number, route: Route): Promise<void> {
    const startedAt = this.#dependencies.now()
    const contact = await this.#dependencies.probe(address, port)
    // What the return of a lost path took says nothing of the path.
    const isUsual = contact.kind === 'open' && !isLost(this.#memory.state) && this.#memory.silent === 0
    if (isUsual) this.#tookMs = [this.#dependencies.now() - startedAt, ...this.#tookMs].slice(0, 5)
    // What was tried on another way says nothing of this one.
    if (this.#closed || this.#memory.route !== route) return
    this.#step((memory, around) => withContact(memory, this.#timed(contact), around))
  }

  async #lookNow(): Promise<void> {
    do {
      this.#routeAgain = false
      const route = await this.#findRoute()
      if (this.#closed) return
      this.#step((memory, around) => withRoute(memory, route, around))
    } while (this.#routeAgain)
    // Looks come often: they bring a try forward, never put it off.
    this.#nextAt = Math.min(this.#nextAt, this.#planned())
  }

  async #findRoute(): Promise<Route> {
    const { now, resolve, route } = this.#dependencies
    if (now() - this.#resolvedAt >= nameFreshMs || this.#memory.route?.kind === 'no_name') {
      const found = await resolve(this.host)
      if ('code' in found && found.code !== 'ETIMEOUT') return { kind: 'no_name', code: found.code }
      if ('address' in found) {
        if (this.#isForeign(found.address)) return { kind: 'no_name', code: 'ENOTFOUND' }
        this.#address = found.address
        this.#resolvedAt = now()
      }
    }
    return this.#address === undefined ? { kind: 'no_name', code: 'ETIMEOUT' } : route(this.#address)
  }

  /** A wildcard of the internet that answers for a name of an inner network: nothing is sent there. */
  #isForeign(address: string): boolean {
    const { learned } = this.#memory
    if (this.#address === undefined || learned?.tunnel === undefined || isIP(this.host) !== 0) return false
    return isPrivateAddress(this.#address) && !isPrivateAddress(address)
  }

  #mayConnect(): boolean {
    const { state, cause } = this.#memory
    return !(isLost(state) && (cause === 'no_carrier' || cause === 'wrong_network' || cause === 'no_route'))
  }

  #timed(contact: Omit<Contact, 'at'>): Contact {
    return { ...contact, at: this.#dependencies.now() }
  }

  #step(next: (memory: HostMemory, around: Surroundings) => HostMemory): void {
    const before = this.#memory
    this.#memory = next(before, this.#dependencies.around(this))
    if (before.state === this.#memory.state) this.#unchanged += 1
    else {
      this.#unchanged = 0
      this.#since = this.#dependencies.now()
    }
    this.#dependencies.onStep(this, before)
  }

  #plan(): void {
    this.#nextAt = this.#planned()
  }

  #planned(): number {
    const { now } = this.#dependencies
    const wait = nextContactIn({
      ...this.#memory,
      unchanged: this.#unchanged,
      isUrgent: this.#memory.state !== 'up' && now() < this.#urgentUntil,
    })
    const isAskable = this.#wish.ports.length > 0 || this.#memory.route?.kind === 'no_name'
    return wait === undefined || !isAskable ? Infinity : now() + wait
  }
}
