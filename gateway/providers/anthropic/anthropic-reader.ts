import type { AnswerPart } from '../../model/answer-parts.ts'
import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { SseReader } from '../../upstream/sse-reader.ts'
import type { AnswerReader } from '../provider.ts'
import type { AnswerContext } from './answer-context.ts'
import { readAnthropicErrorObject } from './anthropic-failure.ts'
import { joinUsage, readUsage } from './anthropic-usage.ts'
import { BlockReader } from './block-reader.ts'
import { readFinish } from './finish-reason.ts'

/**
 * Reads a stream of Messages events. Unknown events and deltas are passed over, as the API asks of clients. The finish is
 * given at `message_stop`, or at the end of the bytes where a stop reason was seen: a stream without either was cut.
 */
export class AnthropicReader implements AnswerReader {
  readonly #context: AnswerContext
  readonly #events = new SseReader()
  readonly #blocks: BlockReader
  #usage: JsonObject = {}
  #stopReason: JsonValue | undefined
  #stopSequence: JsonValue | undefined
  #over = false

  constructor(context: AnswerContext) {
    this.#context = context
    this.#blocks = new BlockReader(context)
  }

  feed(chunk: Buffer): readonly AnswerPart[] {
    if (this.#over) return []
    try {
      return this.#events.feed(chunk).flatMap((event) => this.#read(event.event, event.data))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return this.#fail(
        new GatewayError(
          'upstream_invalid_answer',
          `${this.#context.upstream.provider} sent a stream event larger than 32 MiB.`,
        ),
      )
    }
  }

  finish(): readonly AnswerPart[] {
    if (this.#over) return []
    const last = this.#events.finish().flatMap((event) => this.#read(event.event, event.data))
    return this.#isOver() || typeof this.#stopReason !== 'string' ? last : [...last, ...this.#end()]
  }

  /** A method, so that the flag is read again after other methods ran. */
  #isOver(): boolean {
    return this.#over
  }

  #read(name: string | undefined, data: string): readonly AnswerPart[] {
    if (this.#over) return []
    const event = parse(data)
    if (event === undefined) return []
    switch (typeof event.type === 'string' ? event.type : name) {
      case 'message_start':
        return this.#start(isJsonObject(event.message) ? event.message : {})
      case 'content_block_start':
        return isJsonObject(event.content_block) ? this.#blocks.start(event.index, event.content_block) : []
      case 'content_block_delta':
        return isJsonObject(event.delta) ? this.#blocks.delta(event.index, event.delta) : []
      case 'content_block_stop':
        return this.#blocks.stop(event.index)
      case 'message_delta':
        return this.#noteEnd(event)
      case 'message_stop':
        return this.#end()
      case 'error':
        return this.#fail(readAnthropicErrorObject(this.#context.upstream, errorObject(event.error)))
      default:
        return []
    }
  }

  #start(message: JsonObject): AnswerPart[] {
    this.#usage = joinUsage(this.#usage, message.usage)
    const parts: AnswerPart[] = [{ type: 'start', id: textOf(message.id), model: textOf(message.model) }]
    if (isJsonObject(message.usage)) parts.push({ type: 'usage', usage: readUsage(this.#usage) })
    return parts
  }

  #noteEnd(event: JsonObject): AnswerPart[] {
    const delta = isJsonObject(event.delta) ? event.delta : {}
    if (typeof delta.stop_reason === 'string') this.#stopReason = delta.stop_reason
    if (typeof delta.stop_sequence === 'string') this.#stopSequence = delta.stop_sequence
    if (!isJsonObject(event.usage)) return []
    this.#usage = joinUsage(this.#usage, event.usage)
    return [{ type: 'usage', usage: readUsage(this.#usage) }]
  }

  #end(): AnswerPart[] {
    this.#over = true
    return [...this.#blocks.stopAll(), ...readFinish(this.#stopReason, this.#stopSequence, this.#blocks.calls)]
  }

  #fail(error: GatewayError): AnswerPart[] {
    this.#over = true
    return [{ type: 'error', error }]
  }
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function errorObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : { message: typeof value === 'string' ? value : 'an error without words' }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
