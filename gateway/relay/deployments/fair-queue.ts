import type { Candidate, WaitingCandidate } from '../../routing/plan-types.ts'
import type { AttemptTicket } from './deployment-board.ts'

/** Where requests wait for a slot when no candidate is left. */
export interface FairQueue {
  /**
   * Waits for the first slot of any of the candidates; sessions take turns. Undefined = gave up: `signalbox.queue_ms` is
   * over or 0, the queue is full, or the signal was aborted. A turn's slot is taken: its ticket must be ended.
   */
  wait(request: QueuedRequest, signal: AbortSignal): Promise<QueueTurn | undefined>
}

export interface QueuedRequest {
  /** Soonest first, as the plan has them. */
  readonly waiting: readonly WaitingCandidate[]
  /** Who takes turns: the session, else the key. */
  readonly sessionKey: string
  readonly estimatedTokens: number
}

export interface QueueTurn {
  readonly candidate: Candidate
  readonly ticket: AttemptTicket
}

/** For a gateway whose requests never wait. */
export const noQueue: FairQueue = { wait: () => Promise.resolve(undefined) }
