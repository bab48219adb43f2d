import type { AnswerCache } from '../../cache/answer-cache.ts'
import type { CachedAnswer } from '../../cache/cached-answer.ts'
import { type FlightOutcome, Flights } from '../../cache/flights.ts'
import type { Relay, RelayRequest } from '../relay-request.ts'
import { type CachedRequest, readCachedRequest } from './cached-request.ts'
import { capture } from './capture.ts'
import { EmbeddingBatch } from './embedding-batch.ts'
import { replay, type ReplayDependencies } from './replay.ts'

export interface CachingDependencies extends ReplayDependencies {
  /** Carries what the cache cannot answer. */
  readonly relay: Relay
  readonly cache: AnswerCache
}

/** How long answers that are going out may take to commit their rows when the gateway stops. */
const settleMs = 2_000

/**
 * The relay behind a cache of answers: gives a known answer again, learns new ones, and lets identical requests of the same
 * moment share one upstream call. With all of that off, a request costs one look at the configuration.
 */
export function createCachingRelay(dependencies: CachingDependencies): Relay {
  return new CachingRelay(dependencies)
}

class CachingRelay implements Relay {
  readonly #dependencies: CachingDependencies
  readonly #relay: Relay
  readonly #flights = new Flights()
  /** Requests that the relay behind does not have: looked up, waiting for another one, or being answered again. */
  #held = 0
  #onIdle: (() => void) | undefined

  constructor(dependencies: CachingDependencies) {
    this.#dependencies = dependencies
    this.#relay = dependencies.relay
  }

  get inFlight(): number {
    return this.#relay.inFlight + this.#held
  }

  carry(request: RelayRequest): void {
    const config = this.#dependencies.config()
    const { enabled, coalesce } = config.signalbox.cache
    const cached = enabled || coalesce ? readCachedRequest(request, config) : undefined
    if (cached === undefined) {
      this.#relay.carry(request)
      return
    }
    this.#held += 1
    void this.#serve(cached)
  }

  async drain(graceMs: number): Promise<void> {
    const startedAt = performance.now()
    await this.#idle(graceMs)
    await this.#relay.drain(Math.max(0, graceMs - (performance.now() - startedAt)))
    // Those that waited for a request that was ended just now.
    await this.#idle(settleMs)
    if (this.#relay.inFlight > 0) await this.#relay.drain(0)
  }

  async #serve(cached: CachedRequest): Promise<void> {
    const batch = EmbeddingBatch.read(cached, this.#dependencies.cache)
    const answer = cached.use.read ? await this.#find(cached, batch) : undefined
    if (answer === undefined) this.#share(cached, batch)
    else this.#replay(cached, answer)
  }

  async #find(cached: CachedRequest, batch: EmbeddingBatch | undefined): Promise<CachedAnswer | undefined> {
    const { cache, logger } = this.#dependencies
    try {
      return await (batch === undefined ? cache.find(cached.key, cached.use.maxAgeMs) : batch.find())
    } catch (failure) {
      logger.error({ callId: cached.request.callId, err: failure }, 'a cached answer could not be read')
      return undefined
    }
  }

  /** Waits for the same request if it is under way, else goes upstream itself and lets others wait. */
  #share(cached: CachedRequest, batch: EmbeddingBatch | undefined): void {
    const { key, use } = cached
    if (!use.coalesce) this.#ask(cached, batch)
    else if (!this.#follow(cached, batch)) this.#ask(cached, batch, this.#flights.lead(key))
  }

  /** False when there is nobody to wait for. */
  #follow(cached: CachedRequest, batch: EmbeddingBatch | undefined): boolean {
    const { request, key } = cached
    const leave = this.#flights.join(key, (outcome) => {
      request.response.off('close', clientLeft)
      if (outcome.kind === 'answered') this.#replay(cached, outcome.answer)
      // The next one in the queue asks, for all who wait still.
      else if (outcome.kind === 'left') this.#share(cached, batch)
      // Its failure is its own: everybody else tries for himself, with his own retries and fallbacks.
      else this.#ask(cached, batch)
    })
    const clientLeft = (): void => {
      leave?.()
      this.#carry(request)
    }
    if (leave !== undefined) request.response.once('close', clientLeft)
    return leave !== undefined
  }

  #ask(cached: CachedRequest, batch: EmbeddingBatch | undefined, land?: (outcome: FlightOutcome) => void): void {
    const { use, key, first } = cached
    const request = batch?.request ?? cached.request
    if (!use.write && land === undefined) {
      this.#carry(request)
      return
    }
    const captured = capture(request, first.group, ({ answer, left }) => {
      if (answer === undefined) {
        land?.({ kind: left ? 'left' : 'failed' })
        return
      }
      if (use.write && batch !== undefined) batch.keep(answer)
      else if (use.write) this.#dependencies.cache.put(key, answer, use.ttlMs)
      land?.({ kind: 'answered', answer })
    })
    this.#carry(captured)
  }

  #carry(request: RelayRequest): void {
    this.#relay.carry(request)
    this.#release()
  }

  #replay(cached: CachedRequest, answer: CachedAnswer): void {
    replay(cached, answer, this.#dependencies, () => this.#release())
  }

  #release(): void {
    this.#held -= 1
    if (this.#held === 0) this.#onIdle?.()
  }

  #idle(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#held === 0) {
        resolve()
        return
      }
      const timer = setTimeout(resolve, withinMs)
      this.#onIdle = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
