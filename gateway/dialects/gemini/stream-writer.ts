import type { AnswerPart } from '../../model/answer-parts.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { PartWriter, WriteContext } from '../codec.ts'
import { finishWord, responseObject } from './answer-chunks.ts'
import { geminiErrorBody } from './error-body.ts'
import { createFraming, type GeminiStreamForm, type StreamFraming } from './framing.ts'
import { GeminiPartWriter } from './part-writer.ts'
import { wantsThoughts } from './write-answer.ts'

/**
 * Writes one streamed answer: each object holds new parts only, the last one the finish reason and the usage. That last
 * one is the end of the stream, which has no terminal event.
 */
export class GeminiStreamWriter implements PartWriter {
  readonly #context: WriteContext
  readonly #framing: StreamFraming
  readonly #parts: GeminiPartWriter
  #usage: Usage | null = null
  readonly #logprobs: JsonObject[] = []
  #finish: Extract<AnswerPart, { type: 'finish' }> | undefined
  #last: Buffer | undefined

  constructor(context: WriteContext, form: GeminiStreamForm) {
    this.#context = context
    this.#framing = createFraming(form)
    this.#parts = new GeminiPartWriter(wantsThoughts(context))
  }

  write(part: AnswerPart): readonly Buffer[] {
    switch (part.type) {
      case 'part-start':
        this.#parts.start(part.index, part.part)
        return []
      case 'part-delta':
        return this.#send(this.#parts.delta(part.index, part.text))
      case 'part-end':
        this.#logprobs.push(...(part.notes?.logprobs ?? []))
        return this.#send(this.#parts.end(part.index, part.opaque))
      case 'usage':
        this.#usage = part.usage
        return []
      case 'finish':
        this.#finish = part
        return []
      default:
        return []
    }
  }

  /** May be asked for more than once: it stays the same. */
  end(): Buffer {
    this.#last ??= this.#writeEnd()
    return this.#last
  }

  fail(error: GatewayError): Buffer {
    return Buffer.concat([this.#framing.object(geminiErrorBody(error)), this.#framing.tail()])
  }

  keepAlive(): Buffer {
    return this.#framing.keepAlive
  }

  #writeEnd(): Buffer {
    const finishReason = finishWord(this.#finish?.reason ?? 'stop', this.#finish?.raw ?? null)
    const parts = this.#parts.finish()
    // Clients read the last object like any other, and an empty list of parts is what the service itself sends there.
    const end = { finishReason, usage: this.#usage, logprobs: this.#logprobs }
    const last = responseObject(this.#context, parts, end)
    return Buffer.concat([this.#framing.object(last), this.#framing.tail()])
  }

  #send(parts: readonly JsonObject[]): Buffer[] {
    return parts.length === 0 ? [] : [this.#framing.object(responseObject(this.#context, parts))]
  }
}
