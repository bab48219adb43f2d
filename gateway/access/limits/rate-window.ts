import type { WindowLimits } from './rate-limits.ts'

const windowMs = 60_000

/** Why a request got no place. */
export interface RateRefusal {
  readonly refused: 'requests' | 'tokens' | 'max_parallel_requests'
  readonly owner: string
  readonly current: number
  readonly limit: number
  /** When there will be room, in ms from now; undefined when that is as soon as another request ends. */
  readonly waitMs: number | undefined
}

/**
 * One minute that begins with its first request (litellm-compat §5.3), and what runs now. Tokens are held as estimated
 * until a request has ended and then counted as used.
 */
export class RateWindow {
  #startedAt = Number.NEGATIVE_INFINITY
  #requests = 0
  #tokens = 0
  #heldTokens = 0
  #running = 0

  get isIdle(): boolean {
    return this.#running === 0
  }

  /** `at`: a monotonic clock in ms. While nothing is held and the limit is not reached, a request of any size fits. */
  judge(limits: WindowLimits, tokens: number, at: number): RateRefusal | undefined {
    this.#roll(at)
    const { owner, rpm, tpm, maxParallel } = limits
    const waitMs = this.#startedAt + windowMs - at
    if (maxParallel !== null && this.#running >= maxParallel) {
      const current = this.#running
      return { refused: 'max_parallel_requests', owner, current, limit: maxParallel, waitMs: undefined }
    }
    if (rpm !== null && this.#requests >= rpm) {
      return {
        refused: 'requests',
        owner,
        current: this.#requests,
        limit: rpm,
        waitMs: this.#requests > 0 ? waitMs : windowMs,
      }
    }
    if (tpm === null) return undefined
    const isFull = this.#tokens >= tpm
    if (!isFull && (this.#heldTokens === 0 || this.#tokens + this.#heldTokens + tokens <= tpm)) return undefined
    const wait = isFull && this.#tokens > 0 ? waitMs : windowMs
    return { refused: 'tokens', owner, current: this.#tokens, limit: tpm, waitMs: isFull ? wait : undefined }
  }

  take(tokens: number, at: number): void {
    if (this.#startedAt === Number.NEGATIVE_INFINITY) this.#startedAt = at
    this.#requests += 1
    this.#running += 1
    this.#heldTokens += tokens
  }

  /** Tokens count in the minute in which they are known. */
  release(held: number, used: number, at: number): void {
    this.#roll(at)
    if (this.#startedAt === Number.NEGATIVE_INFINITY) this.#startedAt = at
    this.#running -= 1
    this.#heldTokens -= held
    this.#tokens += used
  }

  headers({ rpm, tpm }: WindowLimits, at: number): Record<string, string> {
    const resets = `${Math.max(0, Math.ceil((this.#startedAt + windowMs - at) / 1000))}s`
    const headers: Record<string, string> = {}
    if (rpm !== null) {
      headers['x-ratelimit-limit-requests'] = String(rpm)
      headers['x-ratelimit-remaining-requests'] = String(Math.max(0, rpm - this.#requests))
      headers['x-ratelimit-reset-requests'] = resets
    }
    if (tpm !== null) {
      headers['x-ratelimit-limit-tokens'] = String(tpm)
      headers['x-ratelimit-remaining-tokens'] = String(Math.max(0, tpm - this.#tokens - this.#heldTokens))
      headers['x-ratelimit-reset-tokens'] = resets
    }
    return headers
  }

  #roll(at: number): void {
    if (at - this.#startedAt < windowMs) return
    this.#startedAt = Number.NEGATIVE_INFINITY
    this.#requests = 0
    this.#tokens = 0
  }
}
