/** What one deployment usually needs. Times in ms. */
export interface Latency {
  readonly firstTokenMs: number | undefined
  readonly msPerToken: number | undefined
  /** Slower than its own usual by `spikeFactor`. */
  readonly slow: boolean
}

/** The share of the newest measurement: the last dozen requests decide. */
const quick = 0.3
/** The usual follows the last hundred or so, so that a spike stands out from it before it becomes the usual itself. */
const steady = 0.02
/** A deployment is `slow` when its recent first token takes three times its usual, and at least a second more. */
const spikeFactor = 3
const spikeFloorMs = 1_000
/** Before that many measurements there is no usual. */
const fewest = 5

/** Exponentially weighted means of one deployment's times. Pure state: no clock of its own. */
export class LatencyTracker {
  #recent: number | undefined
  #usual: number | undefined
  #count = 0
  #perToken: number | undefined

  /** ms from the attempt's start to its first output. */
  firstToken(ms: number): void {
    this.#count += 1
    this.#recent = blend(this.#recent, ms, quick)
    // Until there are enough measurements the plain mean is the best guess.
    this.#usual = blend(this.#usual, ms, Math.max(steady, 1 / this.#count))
  }

  /** Nothing came in `ms`: the recent times say so, the usual ones stay what they were. */
  silent(ms: number): void {
    this.#recent = blend(this.#recent, ms, quick)
  }

  /** A whole answer: `ms` from the attempt's start to its end, `tokens` of output. */
  answer(ms: number, tokens: number): void {
    if (tokens > 0) this.#perToken = blend(this.#perToken, ms / tokens, quick)
  }

  read(): Latency {
    return { firstTokenMs: this.#recent, msPerToken: this.#perToken, slow: this.#isSlow() }
  }

  #isSlow(): boolean {
    if (this.#count < fewest || this.#recent === undefined || this.#usual === undefined) return false
    return this.#recent > this.#usual * spikeFactor && this.#recent > this.#usual + spikeFloorMs
  }
}

function blend(mean: number | undefined, value: number, share: number): number {
  return mean === undefined ? value : mean + (value - mean) * share
}
