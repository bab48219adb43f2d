import { GatewayError } from '../model/errors.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { AttemptTask } from './attempt.ts'
import type { CarrierDependencies } from './carrier-dependencies.ts'
import { type AttemptTicket, isRefusal } from './deployments/deployment-board.ts'
import type { CallOnWire } from './prepare-call.ts'
import type { RelayRequest } from './relay-request.ts'
import { requestDeadlines } from './request-deadlines.ts'

/** Bytes of JSON per token where nothing was learned of a deployment. */
export const usualBytesPerToken = 4

/** What an attempt is made for. */
export type AttemptPurpose = Pick<AttemptTask, 'reason' | 'wantsStream' | 'mendsBreaks' | 'seam'>

/** Gets slots and sets the terms of attempts: what they may take, and how long. */
export class AttemptStarter {
  readonly #request: RelayRequest
  readonly #board: CarrierDependencies['board']

  constructor(request: RelayRequest, { board }: Pick<CarrierDependencies, 'board'>) {
    this.#request = request
    this.#board = board
  }

  /** A slot of the deployment, or a 429 that says which limit is used up. */
  take({ deployment, group }: Candidate): AttemptTicket | GatewayError {
    const { hasImages, bodyBytes } = this.#request.facts
    const taken = this.#board.take(deployment, this.estimatedTokens(deployment.id), hasImages ? undefined : bodyBytes)
    if (!isRefusal(taken)) return taken
    const options = taken.until === undefined ? {} : { retryAfterMs: Math.max(0, taken.until - Date.now()) }
    return new GatewayError(
      'rate_limited',
      `${group}: the limit of ${deployment.provider} is reached (${taken.limit}).`,
      options,
    )
  }

  /** Of the whole request, as far as its size tells. */
  estimatedTokens(deploymentId: string): number {
    return estimatedTokens(this.#request, deploymentId, this.#board)
  }

  task(candidate: Candidate, { wire, call }: CallOnWire, ticket: AttemptTicket, purpose: AttemptPurpose): AttemptTask {
    const deadlines = requestDeadlines(candidate.deployment.deadlines, this.#request.facts)
    return { candidate, wire, call, ticket, deadlines, ...purpose }
  }
}

/** About what one large picture or a few small ones count with most providers. */
const tokensOfPictures = 1_500

/** Input tokens of a request, as far as its size tells. The bytes of a picture tell nothing. */
export function estimatedTokens(
  { facts }: RelayRequest,
  deploymentId: string,
  board: Pick<CarrierDependencies['board'], 'bytesPerToken'>,
): number {
  if (facts.hasImages && facts.leastInputTokens !== undefined) return facts.leastInputTokens() + tokensOfPictures
  return Math.ceil(facts.bodyBytes / (board.bytesPerToken(deploymentId) ?? usualBytesPerToken))
}
