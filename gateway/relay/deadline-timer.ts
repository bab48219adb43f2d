import type { Deadlines } from '../config/gateway-config.ts'

export type DeadlineKind = 'first_output' | 'idle' | 'total'

/**
 * Watches one attempt: the wait for the first output, the longest silence after it, and the whole. One timer that is
 * armed for the nearest of them and looks again when it fires, so that a stream of thousands of chunks arms it seldom.
 */
export class DeadlineTimer {
  readonly #deadlines: Deadlines
  readonly #startedAt: number
  readonly #onExpired: (kind: DeadlineKind) => void
  #timer: NodeJS.Timeout | undefined
  #lastSignAt: number
  #sawOutput = false

  constructor(deadlines: Deadlines, onExpired: (kind: DeadlineKind) => void) {
    this.#deadlines = deadlines
    this.#onExpired = onExpired
    this.#startedAt = performance.now()
    this.#lastSignAt = this.#startedAt
    // Short enough for every phase, so that no change of phase has to touch the timer.
    const { firstByteMs, idleMs, totalMs } = deadlines
    this.#arm(Math.min(firstByteMs, idleMs, totalMs))
  }

  /** Bytes came. */
  sign(): void {
    this.#lastSignAt = performance.now()
  }

  /** The first output came: from now on silence counts instead. */
  output(): void {
    if (this.#sawOutput) return
    this.#sawOutput = true
    this.sign()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #due(): { at: number; kind: DeadlineKind } {
    const total = this.#startedAt + this.#deadlines.totalMs
    const near = this.#sawOutput
      ? { at: this.#lastSignAt + this.#deadlines.idleMs, kind: 'idle' as const }
      : { at: this.#startedAt + this.#deadlines.firstByteMs, kind: 'first_output' as const }
    return near.at < total ? near : { at: total, kind: 'total' }
  }

  #arm(waitMs: number): void {
    this.#timer = setTimeout(() => this.#check(), Math.min(Math.max(1, waitMs), 2 ** 31 - 1))
  }

  #check(): void {
    const now = performance.now()
    const due = this.#due()
    // Timers may fire up to a millisecond early.
    if (due.at - now > 1) this.#arm(due.at - now)
    else this.#onExpired(due.kind)
  }
}
