import { billedCost } from '../ledger/request-record.ts'
import type { PricedUsage } from '../ledger/price-book.ts'
import { noUsage, type Usage } from '../model/usage.ts'
import { answerText, spokenBytes } from '../providers/spoken-text.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { AttemptDetails } from './attempt-log.ts'
import { estimatedTokens, usualBytesPerToken } from './attempt-starter.ts'
import type { DeploymentBoard } from './deployments/deployment-board.ts'
import type { RelayRequest } from './relay-request.ts'

/** What an upstream gave of an answer whose tokens it did not report to the end. */
export interface UnreportedAnswer {
  readonly candidate: Candidate
  /** What it did report: the start of a stream may tell its input. */
  readonly reported: Usage | null
  /** Text that came of it, in bytes. */
  readonly spokenBytes: number
  /** True where the row of the request holds `reported` already. */
  readonly isInRow: boolean
}

/** An image is many bytes and few tokens: no more than this is assumed of a request that has some, in tokens. */
const mostWithImages = 4000

/**
 * Adds up what a request has probably cost beyond what was reported: who cuts streams before their usage comes must not
 * live outside of every budget. Counted are the size of the request and the text that came, as far as it came.
 */
export class UnreportedUse {
  readonly #request: RelayRequest
  readonly #board: Pick<DeploymentBoard, 'bytesPerToken'>
  readonly #priceOf: (candidate: Candidate, usage: Usage) => PricedUsage
  #nanoUsd = 0
  #tokens = 0

  constructor(
    request: RelayRequest,
    board: Pick<DeploymentBoard, 'bytesPerToken'>,
    priceOf: (candidate: Candidate, usage: Usage) => PricedUsage,
  ) {
    this.#request = request
    this.#board = board
    this.#priceOf = priceOf
  }

  /** For the row. Empty where everything was reported. */
  get fields(): { readonly estimatedNanoUsd?: number; readonly estimatedTokens?: number } {
    return this.#tokens === 0 ? {} : { estimatedNanoUsd: this.#nanoUsd, estimatedTokens: this.#tokens }
  }

  /** Counts one answer, and gives what all of it has probably cost. Only conversations: what else is sent is no text. */
  add({ candidate, reported, spokenBytes: spoken, isInRow }: UnreportedAnswer): AttemptDetails {
    if (this.#request.endpoint !== undefined) return {}
    const probable = this.#probable(candidate, reported, spoken)
    const inRow = isInRow && reported !== null ? reported : noUsage
    const price = this.#priceOf(candidate, probable)
    const counted = isInRow && reported !== null ? billedCost(this.#priceOf(candidate, reported)) : 0
    this.#nanoUsd += Math.max(0, billedCost(price) - counted)
    this.#tokens += Math.max(0, tokensOf(probable) - tokensOf(inRow))
    return price.costNanoUsd === null ? {} : { costNanoUsd: price.costNanoUsd, estimated: true }
  }

  /** The same for a whole answer that says nothing of tokens. */
  addBody(candidate: Candidate, body: Buffer): void {
    const spoken = spokenBytes(body.toString('latin1'), answerText)
    this.add({ candidate, reported: null, spokenBytes: spoken, isInRow: true })
  }

  #probable({ deployment }: Candidate, reported: Usage | null, spoken: number): Usage {
    const said = Math.ceil(spoken / usualBytesPerToken)
    if (reported !== null) return { ...reported, outputTokens: Math.max(reported.outputTokens, said) }
    const bySize = estimatedTokens(this.#request, deployment.id, this.#board)
    const inputTokens = this.#request.facts.hasImages ? Math.min(bySize, mostWithImages) : bySize
    return { ...noUsage, inputTokens, outputTokens: said }
  }
}

function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return inputTokens + outputTokens
}
