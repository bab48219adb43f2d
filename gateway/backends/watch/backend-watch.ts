import type { BackendVendor } from '../../config/providers/backend-names.ts'
import type { Backend, BackendState, LastRead, RememberedBackend } from '../backend.ts'
import type { HostReachability } from '../host-reachability.ts'
import type { Verdict } from '../identify/identify.ts'
import { type Inventory, NoAnswer } from '../inventory/inventory.ts'
import type { ProbeClient } from '../probe/probe-client.ts'
import { nextProbeIn } from './cadence.ts'
import { downReason } from './down-reason.ts'
import { labelOf } from './names.ts'
import { identifyServer, readServer, timesAt } from './probe-server.ts'
import { portOf, type Target } from './targets.ts'

/** Calls `work` once after `ms`; gives the way to call it off. Must not keep the process alive. */
export type Schedule = (ms: number, work: () => void) => () => void

export interface WatchDependencies {
  readonly client: ProbeClient
  readonly reachability: HostReachability
  readonly schedule: Schedule
  /** ms since the epoch. */
  readonly now: () => number
  /** In [0, 1): spreads probes. */
  readonly random: () => number
  /** True when comings and goings on this machine are told by `listenerCame` and `listenerGone`. */
  readonly isToldOf: () => boolean
  /** A name for a server that nobody named; the same one each time. */
  readonly nameFor: (vendor: BackendVendor, url: string) => string
  readonly onChange: () => void
}

interface Situation {
  readonly state: BackendState
  readonly reason: string | undefined
}

const nothingRead: Inventory = { state: 'up', busy: false, models: [] }

/** Follows one server: who it is, whether it is there, what it has. At most one probe is under way at a time. */
export class BackendWatch {
  readonly target: Target
  readonly #dependencies: WatchDependencies
  #verdict: Verdict | undefined
  #situation: Situation = { state: 'unknown', reason: 'was not asked yet' }
  #inventory: Inventory = nothingRead
  /** What readings of this server leave for the next ones; forgotten when another server takes its place. */
  #memory = new Map<string, unknown>()
  #provenVendor: BackendVendor | undefined
  /** What it was in an earlier run: shown, and no proof of anything. */
  readonly #shownVendor: BackendVendor | undefined
  #mustProve = true
  #process: string | undefined
  #lastSeenAt: number | undefined
  #lastRead: LastRead | undefined
  #unchanged = 0
  #failures = 0
  #silent = false
  #running = false
  #again = false
  /** Called when the probe that they wait for has ended. */
  #waiting: (() => void)[] = []
  #stopped = false
  #callOff: () => void = () => undefined

  /** @param former what an earlier run knew of it @param process that listens there */
  constructor(target: Target, dependencies: WatchDependencies, former?: RememberedBackend, process?: string) {
    this.target = target
    this.#dependencies = dependencies
    this.#provenVendor = target.formerVendor
    this.#shownVendor = former?.vendor
    this.#lastSeenAt = former?.lastSeenAt
    this.#lastRead = former?.lastRead
    this.#process = process
  }

  /** The server as it is now; undefined while there is nothing worth showing. */
  get backend(): Backend | undefined {
    const { target } = this
    const card = this.#verdict?.kind === 'vendor' ? this.#verdict.card : undefined
    const vendor = card?.id ?? this.#provenVendor ?? target.vendor ?? this.#shownVendor
    if (!this.#isShown(vendor)) return undefined
    const base = card?.openAiBase ?? '/v1'
    return {
      name: this.#nameAs(vendor),
      url: target.url,
      vendor,
      label: labelOf(vendor),
      ...this.#situation,
      added: this.#isAdded(),
      source: target.source,
      version: this.#inventory.version,
      busy: this.#inventory.busy,
      models: this.#inventory.models,
      lastRead: this.#lastRead,
      proofs: this.#verdict?.kind === 'vendor' ? this.#verdict.proofs : [],
      process: this.#process,
      lastSeenAt: this.#lastSeenAt,
      network: target.network,
      apiKey: target.apiKey,
      openAiBase: target.url + base,
    }
  }

  /** `host:port` of the servers that it has started for itself. */
  get children(): readonly string[] {
    return this.#inventory.children ?? []
  }

  /** True while its coming is waited for. */
  get isAwaited(): boolean {
    return this.#situation.state === 'down' && (this.target.expected || this.#provenVendor !== undefined)
  }

  /** Asks now, whatever was planned: a network that changed, a request that failed, somebody who looks. */
  check(): void {
    if (this.#stopped) return
    if (this.#running) {
      this.#again = true
      return
    }
    this.#running = true
    this.#callOff()
    void this.#probe().finally(() => {
      this.#running = false
      if (this.#stopped) return
      if (this.#again) {
        this.#again = false
        this.check()
        return
      }
      this.#plan()
      this.#release()
    })
  }

  /** As `check`; ends when a probe that began after this call has ended. */
  checked(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    this.check()
    return promise
  }

  /**
   * What it has may have changed, because it was used or somebody looks: asked again as soon as one that just changed.
   * Called for each request without harm.
   */
  expectNews(): void {
    if (this.#unchanged === 0 || this.#running || this.#stopped || this.#situation.state !== 'up') return
    this.#unchanged = 0
    this.#callOff()
    this.#plan()
  }

  /** Somebody new listens on its port. */
  listenerCame(process: string | undefined): void {
    this.#process = process
    this.#mustProve = true
    this.check()
  }

  /** Nobody listens on its port any longer: known without asking. */
  listenerGone(): void {
    if (this.#situation.state === 'down') return
    // An answer that is under way is of before.
    if (this.#running) this.#again = true
    this.#callOff()
    this.#process = undefined
    this.#noConnection({ kind: 'refused', code: undefined, connected: false, elapsedMs: 0 })
  }

  stop(): void {
    this.#stopped = true
    this.#callOff()
    this.#release()
  }

  #release(): void {
    for (const go of this.#waiting.splice(0)) go()
  }

  async #probe(): Promise<void> {
    const host = this.#dependencies.reachability.of(new URL(this.target.url).hostname)
    if (host?.state !== 'down' && (await this.#isStillDown())) return
    const before = this.#fingerprint()
    if (host?.state === 'down') {
      this.#enter('down', host.reason)
      this.#mustProve = true
    } else {
      await this.#ask()
    }
    const isNew = this.#fingerprint() !== before
    this.#unchanged = isNew ? 0 : this.#unchanged + 1
    if (isNew && !this.#stopped) this.#dependencies.onChange()
  }

  /** One that is down is asked nothing before it takes a connection: this goes on for as long as it is away. */
  async #isStillDown(): Promise<boolean> {
    const { state, reason } = this.#situation
    if (state !== 'down') return false
    const { url, isLoopback } = this.target
    const outcome = await this.#dependencies.client.knock(url, timesAt(isLoopback).connectMs)
    if (outcome === undefined || downReason(outcome, url) !== reason) return false
    this.#failures += 1
    this.#silent = outcome.kind === 'silent'
    this.#unchanged += 1
    return true
  }

  async #ask(): Promise<void> {
    const { client } = this.#dependencies
    const place = { ...this.target, process: this.#process }
    try {
      if (this.#mustProve) this.#judge(await identifyServer(place, client))
      if (this.#stopped || !this.#isReadable()) return
      const card = this.#verdict?.kind === 'vendor' ? this.#verdict.card : undefined
      const inventory = await readServer(place, card, this.target.apiKey, this.#memory, client)
      this.#failures = 0
      this.#silent = false
      this.#lastSeenAt = this.#dependencies.now()
      // Another version may be another server.
      this.#mustProve = inventory.state === 'failing' || inventory.version !== this.#inventory.version
      this.#inventory = inventory
      if (inventory.state === 'up') this.#lastRead = { at: this.#lastSeenAt, models: inventory.models }
      this.#enter(inventory.state, inventory.state === 'up' ? undefined : this.#problemOf(inventory))
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      this.#noConnection(error.outcome)
    }
  }

  #problemOf({ state, problem }: Inventory): string {
    if (state !== 'auth') return problem ?? 'cannot be used'
    return this.target.apiKey.kind === 'value' ? 'refuses the key that it is given' : wantsKey
  }

  #judge(verdict: Verdict): void {
    this.#verdict = verdict
    this.#mustProve = false
    this.#failures = 0
    this.#lastSeenAt = this.#dependencies.now()
    if (verdict.kind !== 'vendor') return this.#judgeUnproven(verdict)
    const { card } = verdict
    const wanted = this.target.vendor ?? (this.target.apiKey.kind === 'value' ? this.#provenVendor : undefined)
    if (wanted !== undefined && wanted !== card.id) {
      this.#inventory = nothingRead
      this.#mustProve = true
      return this.#enter('impostor', `answers as ${card.label} and not as ${labelOf(wanted)}: its key is kept back`)
    }
    if (this.#provenVendor !== undefined && this.#provenVendor !== card.id) this.#memory = new Map()
    this.#provenVendor = card.id
  }

  #judgeUnproven(verdict: Exclude<Verdict, { kind: 'vendor' }>): void {
    const { vendor, source } = this.target
    this.#inventory = nothingRead
    if (verdict.kind === 'generic' && vendor === undefined && source !== 'remembered') {
      return this.#enter(verdict.needsKey ? 'auth' : 'up', verdict.needsKey ? wantsKey : undefined)
    }
    this.#mustProve = true
    const seen =
      verdict.kind === 'gateway'
        ? 'is another gateway (Signalbox or LiteLLM): using it would go in circles'
        : `does not answer as ${labelOf(vendor ?? this.#provenVendor)}`
    this.#enter('impostor', seen)
  }

  #noConnection(outcome: NoAnswer['outcome']): void {
    const reason = downReason(outcome, this.target.url)
    this.#failures += 1
    this.#silent = outcome.kind === 'silent'
    // A slow answer or a closed connection is no proof that it is down.
    if (reason === undefined) return
    this.#mustProve = true
    const isNew = this.#situation.state !== 'down' || this.#situation.reason !== reason
    // One silent connection may be a lost packet; a refusal is certain.
    if (this.#silent && this.#failures < 2 && this.#situation.state === 'up') return
    this.#enter('down', reason)
    if (isNew && !this.#running) this.#dependencies.onChange()
  }

  #enter(state: BackendState, reason: string | undefined): void {
    this.#situation = { state, reason }
  }

  #plan(): void {
    const { schedule, random, isToldOf } = this.#dependencies
    // What is no server of models is asked again when another one takes the port.
    if (this.#isIrrelevant() && this.target.source !== 'config') return
    const wait = nextProbeIn({
      state: this.#situation.state,
      isLoopback: this.target.isLoopback,
      unchanged: this.#unchanged,
      dear: this.#provenVendor === 'mlx',
      silent: this.#silent,
      failures: this.#failures,
      expected: this.target.expected || this.#provenVendor !== undefined,
      isToldOf: isToldOf(),
    })
    if (wait === undefined) return
    // Servers elsewhere may be asked by many of us; those of this machine are asked together, to wake up once for all.
    const isSpread = this.#situation.state !== 'down' && !this.target.isLoopback
    this.#callOff = schedule(isSpread ? wait * (0.9 + 0.2 * random()) : wait, () => this.check())
  }

  #nameAs(vendor: BackendVendor | undefined): string {
    const { name, url } = this.target
    if (name !== undefined) return name
    return vendor === undefined ? `server-${portOf(url)}` : this.#dependencies.nameFor(vendor, url)
  }

  #isReadable(): boolean {
    if (this.#situation.state === 'impostor') return this.#verdict?.kind === 'vendor' && !this.#mustProve
    return this.#verdict?.kind === 'vendor' || (this.#verdict?.kind === 'generic' && this.target.source === 'config')
  }

  #isAdded(): boolean {
    return this.target.source === 'config' || this.#provenVendor !== undefined || this.target.source === 'remembered'
  }

  #isIrrelevant(): boolean {
    return this.#verdict?.kind === 'other' || this.#verdict?.kind === 'gateway'
  }

  #isShown(vendor: BackendVendor | undefined): boolean {
    const { expected, source } = this.target
    if (source === 'config' && expected) return true
    if (this.#isIrrelevant()) return false
    if (source === 'remembered') return vendor !== undefined || this.#situation.state === 'down'
    return vendor !== undefined || this.#verdict?.kind === 'generic'
  }

  /** Everything that is shown, but for the time. */
  #fingerprint(): string {
    const { backend } = this
    return JSON.stringify(backend === undefined ? null : { ...backend, lastSeenAt: null, lastRead: null })
  }
}

const wantsKey = 'wants a key'
