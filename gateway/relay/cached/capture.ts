import { type CachedAnswer, largestAnswerBytes } from '../../cache/cached-answer.ts'
import type { RequestRecord } from '../../ledger/request-record.ts'
import type { AnswerRecorder } from '../answer-recorder.ts'
import type { RelayRequest } from '../relay-request.ts'

/** What a request came to, for the cache. */
export interface Captured {
  /** Undefined for an answer that must not serve anybody else. */
  readonly answer: CachedAnswer | undefined
  /** The request ended because its own client went away. */
  readonly left: boolean
}

/** Embeddings of a large batch; they are kept in small pieces. */
const largestEmbeddingsBytes = 64 * 1024 * 1024

/**
 * The request with an ear on its answer. `settle` hears exactly once, when the row is committed and the last byte given out.
 *
 * An answer serves others only when it is complete, of one upstream of the group that was first in the plan, and without a
 * warning of the relay: what was degraded, resumed, repaired in vain or came from a fallback is not what was asked for, and
 * would outlive the trouble that caused it.
 */
export function capture(request: RelayRequest, group: string, settle: (captured: Captured) => void): RelayRequest {
  const limit = request.endpoint === undefined ? largestAnswerBytes : largestEmbeddingsBytes
  const recorder = new Recorder(limit, () => end())
  let record: RequestRecord | undefined
  let isSettled = false
  const end = (): void => {
    if (record === undefined || !recorder.ended || isSettled) return
    isSettled = true
    settle({ answer: answerOf(request, group, record, recorder), left: record.errorCode === 'client_closed_request' })
  }
  return {
    ...request,
    recorder,
    onFinished: (finished) => {
      request.onFinished?.(finished)
      record = finished
      end()
    },
  }
}

function answerOf(
  { plan }: RelayRequest,
  group: string,
  record: RequestRecord,
  recorder: Recorder,
): CachedAnswer | undefined {
  const { status, errorCode, modelName, deploymentId, warnings, usage, startedAt, totalMs } = record
  if (status !== 200 || errorCode !== null || modelName !== group || deploymentId === null) return undefined
  if (warnings.length > plan.warnings.length) return undefined
  const recorded = recorder.answer
  if (recorded === undefined) return undefined
  return { ...recorded, storedAt: Math.round(startedAt + totalMs), usage, deploymentId }
}

/** Keeps the bytes of one answer up to a limit; beyond it, nothing. */
class Recorder implements AnswerRecorder {
  ended = false
  readonly #limit: number
  readonly #onEnd: () => void
  #contentType = ''
  #pieces: Buffer[] | undefined = []
  #bytes = 0

  constructor(limit: number, onEnd: () => void) {
    this.#limit = limit
    this.#onEnd = onEnd
  }

  get answer(): Pick<CachedAnswer, 'body' | 'contentType'> | undefined {
    return this.#pieces === undefined
      ? undefined
      : { body: Buffer.concat(this.#pieces), contentType: this.#contentType }
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.#contentType = headers['content-type'] ?? ''
    if (status !== 200) this.#pieces = undefined
  }

  piece(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.#bytes > this.#limit) this.#pieces = undefined
    this.#pieces?.push(bytes)
  }

  end(complete: boolean): void {
    if (!complete) this.#pieces = undefined
    this.ended = true
    this.#onEnd()
  }
}
