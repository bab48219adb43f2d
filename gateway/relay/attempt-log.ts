import type { AttemptRecord } from '../ledger/request-record.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Usage } from '../model/usage.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { Attempt } from './attempt.ts'
import type { AttemptOutcome } from './deployments/deployment-board.ts'

/** What only some attempts have to tell. */
export type AttemptDetails = Pick<AttemptRecord, 'costNanoUsd' | 'estimated'>

/** What was tried for one request and what came of it, for its row, for its deployments and for the last word to the client. */
export class AttemptLog {
  readonly attempts: AttemptRecord[] = []
  readonly errors: GatewayError[] = []
  readonly #startedMonotonic: number
  /** Attempts whose record is written: an abort while waiting for a repeat must not write it again. */
  readonly #settled: Attempt[] = []

  /** `startedMonotonic`: the request's arrival on the clock of `performance.now()`, in ms. */
  constructor(startedMonotonic: number) {
    this.#startedMonotonic = startedMonotonic
  }

  /** Writes down how an attempt ended and gives its slot back; only the first call for an attempt counts. */
  settle(attempt: Attempt, outcome: AttemptOutcome, usage: Usage | null, details?: AttemptDetails): void {
    if (this.#settled.includes(attempt)) return
    attempt.task.ticket.ended(outcome, usage, performance.now() - attempt.startedAt)
    this.keepSlot(attempt, outcome, details)
  }

  /** The same for an attempt whose slot goes on to the next one at the same deployment. */
  keepSlot(attempt: Attempt, outcome: AttemptOutcome, details?: AttemptDetails): void {
    this.#settled.push(attempt)
    const { task, startedAt, status } = attempt
    const startedMs = hundredths(startedAt - this.#startedMonotonic)
    const durationMs = hundredths(this.elapsedMs() - startedMs)
    const reason = reasonOf(task.reason, outcome, attempt.endedBy)
    this.attempts.push({
      deploymentId: task.candidate.deployment.id,
      model: task.candidate.group,
      status,
      outcome: outcome.kind === 'failed' ? outcome.error.code : outcome.kind,
      startedMs,
      durationMs,
      ...(reason === undefined ? {} : { reason }),
      ...(task.seam === undefined ? {} : { seam: task.seam }),
      ...details,
    })
  }

  /** An attempt that was only pretended: nothing was sent and no slot was taken. */
  pretended({ deployment, group }: Candidate, error: GatewayError): void {
    this.attempts.push({
      deploymentId: deployment.id,
      model: group,
      status: null,
      outcome: error.code,
      startedMs: this.elapsedMs(),
      durationMs: 0,
      reason: 'mocked: the request asked for this failure',
    })
  }

  /** In the order in which they were begun. */
  get inOrder(): readonly AttemptRecord[] {
    if (this.attempts.length < 2) return this.attempts
    return this.attempts.toSorted((one, other) => one.startedMs - other.startedMs)
  }

  /** ms since the request's arrival. */
  elapsedMs(): number {
    return hundredths(performance.now() - this.#startedMonotonic)
  }
}

/** Why it was made, and what we know of its end beyond the code. */
function reasonOf(made: string | undefined, outcome: AttemptOutcome, endedBy: string | undefined): string | undefined {
  if (outcome.kind === 'answered' || endedBy === undefined) return made
  return made === undefined ? endedBy : `${made}; ${endedBy}`
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
