import type { AttemptRecord } from '../ledger/request-record.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Attempt } from './attempt.ts'

/** What was tried for one request and what came of it, for its row and for the last word to the client. */
export class AttemptLog {
  readonly attempts: AttemptRecord[] = []
  readonly errors: GatewayError[] = []
  readonly #startedMonotonic: number
  /** The attempt whose record is written: an abort while waiting for a repeat must not write it again. */
  #recorded: Attempt | undefined

  /** `startedMonotonic`: the request's arrival on the clock of `performance.now()`, in ms. */
  constructor(startedMonotonic: number) {
    this.#startedMonotonic = startedMonotonic
  }

  record(attempt: Attempt | undefined, outcome: string): void {
    if (attempt === undefined || attempt === this.#recorded) return
    this.#recorded = attempt
    const startedMs = hundredths(attempt.startedAt - this.#startedMonotonic)
    this.attempts.push({
      deploymentId: attempt.candidate.deployment.id,
      model: attempt.candidate.group,
      status: attempt.status,
      outcome,
      startedMs,
      durationMs: hundredths(this.elapsedMs() - startedMs),
    })
  }

  /** ms since the request's arrival. */
  elapsedMs(): number {
    return hundredths(performance.now() - this.#startedMonotonic)
  }
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
