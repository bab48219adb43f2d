import type { NamedBackend } from '../config/gateway-config.ts'
import type { BackendVendor } from '../config/providers/backend-names.ts'
import type { Backend, BackendMemory, RememberedBackend } from './backend.ts'
import type { HostReachability } from './host-reachability.ts'
import type { ListenerChoice } from './listeners/choose-listeners.ts'
import type { Listener, ListenerSource } from './listeners/listener.ts'
import { type ListenerNews, LookAround } from './listeners/look-around.ts'
import type { ProbeClient } from './probe/probe-client.ts'
import { BackendWatch, type Schedule } from './watch/backend-watch.ts'
import { nextLookIn } from './watch/cadence.ts'
import { nameFor } from './watch/names.ts'
import {
  environmentTargets,
  knownPorts,
  listenerTarget,
  namedTargets,
  portOf,
  rememberedTargets,
  sameServerKey,
  type Target,
} from './watch/targets.ts'

export interface DiscoveryDependencies {
  readonly client: ProbeClient
  /** Undefined where it is not known how to ask for listeners: known ports are asked then. */
  readonly listeners: ListenerSource | undefined
  readonly reachability: HostReachability
  readonly memory: BackendMemory
  readonly schedule: Schedule
  readonly now: () => number
  readonly random: () => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly ownPid: number
  /** Ports of this gateway itself. */
  readonly ownPorts: () => ReadonlySet<number>
  /** Looks at exactly these ports of this machine, whoever holds them; undefined = known ports and known programs. */
  readonly onlyPorts?: readonly number[]
}

/** What the configuration of the moment asks for. */
export interface DiscoveryWish {
  readonly named: readonly NamedBackend[]
  /** True when servers of this machine are looked for. */
  readonly loopback: boolean
}

/** Finds and follows local servers. Nothing runs before `follow`, and no timer while there is nothing to look for. */
export interface Discovery {
  /** In order: named ones as in the file, then the others by name. */
  backends(): readonly Backend[]
  /** Called after something that `backends` gives has changed; gives the way to end it. */
  onChange(listener: () => void): () => void
  /** Begins, or goes on with another configuration. */
  follow(wish: DiscoveryWish): Promise<void>
  /** Asks everything now: back-off ends when the network changed, the machine woke up or somebody looks. */
  refresh(): void
  /** The same; ends when every answer, or its absence, is known. */
  refreshed(): Promise<void>
  /** A request to this address could not connect: look at once. */
  noteConnectFailure(url: string): void
  /** This server was used, or somebody looks (no address: all of them): what is loaded may have changed. */
  expectNews(url?: string): void
  close(): void
}

/** Unnamed servers that were not seen for longer are forgotten. */
const forgetAfterMs = 14 * 24 * 3_600_000

export function createDiscovery(dependencies: DiscoveryDependencies): Discovery {
  return new LocalDiscovery(dependencies)
}

class LocalDiscovery implements Discovery, ListenerNews {
  readonly #dependencies: DiscoveryDependencies
  readonly #around: LookAround | undefined
  readonly #watches = new Map<string, BackendWatch>()
  readonly #subscribers = new Set<() => void>()
  /** Names of servers that nobody named, by vendor and address: the same server has the same name. */
  readonly #names = new Map<string, string>()
  readonly #stopListening: () => void
  #wish: DiscoveryWish = { named: [], loopback: false }
  #remembered: readonly RememberedBackend[] | undefined
  #current: readonly Backend[] = []
  #shown = '[]'
  #isLooking = false
  /** Whether the look that is planned is one for a known server that is down. */
  #awaitsOne = false
  #isClosed = false
  #callOffLook: () => void = () => undefined

  constructor(dependencies: DiscoveryDependencies) {
    const { listeners, reachability, now } = dependencies
    this.#dependencies = dependencies
    this.#around = listeners === undefined ? undefined : new LookAround(listeners, now)
    this.#stopListening = reachability.onChange(() => this.refresh())
  }

  backends(): readonly Backend[] {
    return this.#current
  }

  onChange(listener: () => void): () => void {
    this.#subscribers.add(listener)
    return () => this.#subscribers.delete(listener)
  }

  async follow(wish: DiscoveryWish): Promise<void> {
    this.#wish = wish
    await this.#recall()
    if (this.#isClosed) return
    const targets = [...namedTargets(wish.named), ...(wish.loopback ? this.#looseTargets() : [])]
    for (const [key, watch] of this.#watches) if (!isWanted(watch.target, targets, wish)) this.#drop(key)
    for (const target of targets) this.#add(target)
    this.#callOffLook()
    await this.#look()
    this.#publish()
  }

  refresh(): void {
    for (const watch of this.#watches.values()) watch.check()
    void this.#look()
  }

  async refreshed(): Promise<void> {
    await this.#look()
    await Promise.all([...this.#watches.values()].map((watch) => watch.checked()))
    this.#publish()
  }

  noteConnectFailure(url: string): void {
    for (const watch of this.#watchesAt(url)) watch.check()
  }

  expectNews(url?: string): void {
    for (const watch of url === undefined ? this.#watches.values() : this.#watchesAt(url)) watch.expectNews()
  }

  close(): void {
    this.#isClosed = true
    this.#stopListening()
    this.#callOffLook()
    for (const key of this.#watches.keys()) this.#drop(key)
    this.#subscribers.clear()
  }

  came(listener: Listener, process: string | undefined): void {
    if (this.#isClosed) return
    const watch = this.#loopbackWatch(listener.port)
    if (watch === undefined) this.#add(listenerTarget(listener.host, listener.port), process)
    else watch.listenerCame(process)
  }

  gone(port: number): void {
    const watch = this.#loopbackWatch(port)
    if (watch === undefined) return
    watch.listenerGone()
    // One that was only offered is nobody's once it is gone.
    if (watch.target.source === 'config' || watch.backend?.added === true) return
    this.#drop(keyOf(watch.target.url))
    this.#publish()
  }

  isFollowed(port: number): boolean {
    return this.#loopbackWatch(port) !== undefined
  }

  async #recall(): Promise<void> {
    if (this.#remembered !== undefined) return
    const oldest = this.#dependencies.now() - forgetAfterMs
    this.#remembered = (await this.#dependencies.memory.load()).filter(({ lastSeenAt }) => lastSeenAt > oldest)
    for (const { vendor, url, name, isNamed } of this.#remembered)
      if (vendor !== undefined && isNamed !== true) this.#names.set(`${vendor} ${url}`, name)
  }

  /** Places that nobody named in the config. */
  #looseTargets(): Target[] {
    const { environment, onlyPorts, listeners } = this.#dependencies
    const known = [...rememberedTargets(this.#remembered ?? []), ...environmentTargets(environment)]
    // Where nobody tells who listens, the ports are asked.
    const ports = listeners === undefined ? (onlyPorts ?? knownPorts) : []
    return [...known, ...ports.map((port) => listenerTarget('127.0.0.1', port))]
  }

  #add(target: Target, process?: string): void {
    const key = keyOf(target.url)
    if (this.#watches.has(key)) return
    const watch = new BackendWatch(
      target,
      {
        ...this.#dependencies,
        isToldOf: () => this.#wish.loopback && this.#around !== undefined,
        nameFor: (vendor, url) => this.#nameOf(vendor, url),
        onChange: () => this.#publish(),
      },
      this.#remembered?.find(({ url }) => keyOf(url) === key),
      process,
    )
    this.#watches.set(key, watch)
    watch.check()
  }

  #drop(key: string): void {
    this.#watches.get(key)?.stop()
    this.#watches.delete(key)
  }

  #nameOf(vendor: BackendVendor, url: string): string {
    const key = `${vendor} ${url}`
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const taken = new Set([...this.#names.values(), ...this.#wish.named.map(({ name }) => name)])
    const name = nameFor(vendor, url, taken)
    this.#names.set(key, name)
    return name
  }

  #watchesAt(url: string): BackendWatch[] {
    const key = sameServerKey(url)
    return [...this.#watches.values()].filter(({ target }) => sameServerKey(target.url) === key)
  }

  #loopbackWatch(port: number): BackendWatch | undefined {
    return [...this.#watches.values()].find(({ target }) => target.isLoopback && portOf(target.url) === port)
  }

  async #look(): Promise<void> {
    if (this.#isLooking || this.#isClosed || !this.#wish.loopback) return
    this.#isLooking = true
    try {
      await this.#around?.look(this, () => this.#choice())
    } finally {
      this.#isLooking = false
    }
    this.#planLook()
  }

  #planLook(): void {
    const { listeners, schedule } = this.#dependencies
    if (this.#isClosed || this.#isLooking || !this.#wish.loopback || listeners === undefined) return
    this.#awaitsOne = [...this.#watches.values()].some((watch) => watch.target.isLoopback && watch.isAwaited)
    this.#callOffLook()
    this.#callOffLook = schedule(nextLookIn(listeners.cheap, this.#awaitsOne), () => void this.#look())
  }

  #choice(): ListenerChoice {
    const { onlyPorts, ownPid, ownPorts, environment } = this.#dependencies
    const named = environmentTargets(environment).filter(({ isLoopback }) => isLoopback)
    return {
      knownPorts: new Set([...(onlyPorts ?? knownPorts), ...named.map(({ url }) => portOf(url))]),
      ownPid,
      ownPorts: ownPorts(),
      onlyKnown: onlyPorts !== undefined,
    }
  }

  #publish(): void {
    if (this.#isClosed) return
    this.#current = sorted(visible([...this.#watches.values()]), this.#wish.named)
    const text = JSON.stringify(this.#current.map((backend) => ({ ...backend, lastSeenAt: null, lastRead: null })))
    if (text === this.#shown) return
    this.#shown = text
    this.#remember()
    // One that has just gone is waited for from now on, not from the next look on.
    if (!this.#awaitsOne) this.#planLook()
    for (const subscriber of this.#subscribers) subscriber()
  }

  #remember(): void {
    if (this.#remembered === undefined) return
    const fresh = this.#current.flatMap((backend) => rememberable(backend))
    const kept = this.#remembered.filter(({ url }) => !fresh.some((entry) => entry.url === url))
    this.#remembered = [...kept, ...fresh]
    this.#dependencies.memory.save(this.#remembered)
  }
}

/** A server keeps its watch while the config names it in the same way, or it was found and may still be looked for. */
function isWanted(target: Target, targets: readonly Target[], { loopback }: DiscoveryWish): boolean {
  const next = targets.find(({ url }) => keyOf(url) === keyOf(target.url))
  if (next?.source === 'config' || target.source === 'config') return next !== undefined && sameWish(next, target)
  return loopback
}

function sameWish(one: Target, other: Target): boolean {
  const keyText = ({ apiKey }: Target) => (apiKey.kind === 'value' ? apiKey.secret.reveal() : apiKey.kind)
  return (
    one.source === other.source &&
    one.name === other.name &&
    one.vendor === other.vendor &&
    one.network === other.network &&
    keyText(one) === keyText(other)
  )
}

function keyOf(url: string): string {
  return `${sameServerKey(url) ?? url}${URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : ''}`
}

/** What is shown: not the servers that another one has started for itself. */
function visible(watches: readonly BackendWatch[]): Backend[] {
  const backends = watches.map((watch) => watch.backend).filter((backend) => backend !== undefined)
  const children = new Set(watches.flatMap((watch) => watch.children).map((host) => sameServerKey(`http://${host}`)))
  return backends.filter(({ source, url }) => source === 'config' || !children.has(sameServerKey(url)))
}

function sorted(backends: readonly Backend[], named: readonly NamedBackend[]): Backend[] {
  const place = ({ name, source }: Backend): number =>
    source === 'config' ? named.findIndex((backend) => backend.name === name) : named.length
  return backends.toSorted(
    (one, other) => place(one) - place(other) || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0),
  )
}

/** A server that was up is worth remembering with what it has. What is loaded is of the moment. */
function rememberable(backend: Backend): RememberedBackend[] {
  const { source, added, state, name, url, vendor, lastSeenAt, lastRead } = backend
  const isNamed = source === 'config'
  if (!added || state !== 'up' || lastSeenAt === undefined || (vendor === undefined && !isNamed)) return []
  const models = lastRead?.models.map((model) => ({ ...model, loaded: undefined, loadedContext: undefined }))
  const read = lastRead === undefined || models === undefined ? {} : { lastRead: { at: lastRead.at, models } }
  return [{ url, name, vendor, lastSeenAt, isNamed, ...read }]
}
