import type { AnswerPart } from '../../model/answer-parts.ts'
import { GatewayError } from '../../model/errors.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueScope } from '../../model/parts.ts'
import { SseReader, type SseEvent } from '../../upstream/sse-reader.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import type { AnswerReader } from '../provider.ts'
import { objectsOf, parseEvent, textOf } from './answer-events.ts'
import { AnswerItems } from './answer-items.ts'
import { StopCutter } from './cut-at-stops.ts'
import { readResponsesError } from './responses-failure.ts'
import { finishOf } from './responses-finish.ts'
import { readResponsesUsage } from './responses-usage.ts'

export interface ReaderOptions {
  readonly name: UpstreamName
  readonly scope: OpaqueScope
  readonly names: FlatToolNames
  /** Stop sequences to apply here, as the wire has none. */
  readonly stops: readonly string[]
}

/** Reads the events of a Responses stream to answer parts, however the bytes are cut. See AnswerReader. */
export class ResponsesReader implements AnswerReader {
  readonly #events = new SseReader()
  readonly #meaning: ResponseEvents

  constructor(options: ReaderOptions) {
    this.#meaning = new ResponseEvents(options)
  }

  feed(chunk: Buffer): readonly AnswerPart[] {
    try {
      return this.#read(this.#events.feed(chunk))
    } catch (error) {
      if (error instanceof RangeError) return this.#meaning.oversized()
      throw error
    }
  }

  finish(): readonly AnswerPart[] {
    return this.#read(this.#events.finish())
  }

  #read(events: readonly SseEvent[]): AnswerPart[] {
    return events.flatMap(({ event, data }) => {
      const value = parseEvent(data)
      return value === undefined ? [] : this.#meaning.take(textOf(value.type) || (event ?? ''), value)
    })
  }
}

/** A complete response object as answer parts that end in `finish`. @throws GatewayError for one that failed */
export function readResponseObject(response: JsonObject, options: ReaderOptions): readonly AnswerPart[] {
  const parts = new ResponseEvents(options).take('response.completed', { response })
  for (const part of parts) if (part.type === 'error') throw part.error
  return parts
}

/** What the events mean, one after the other. A complete answer is one terminal event. */
class ResponseEvents {
  readonly #options: ReaderOptions
  readonly #items: AnswerItems
  readonly #cutter: StopCutter
  #started = false
  #over = false

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#items = new AnswerItems(options.names, options.scope)
    this.#cutter = new StopCutter(options.stops)
  }

  take(type: string, event: JsonObject): AnswerPart[] {
    if (this.#over) return []
    const parts = [...this.#cutter.cut(this.#meaningOf(type, event))]
    this.#over = parts.some((part) => part.type === 'finish' || part.type === 'error')
    return parts
  }

  oversized(): AnswerPart[] {
    this.#over = true
    const { provider } = this.#options.name
    return [
      {
        type: 'error',
        error: new GatewayError('upstream_invalid_answer', `${provider} sent a stream event larger than 32 MiB.`),
      },
    ]
  }

  #meaningOf(type: string, event: JsonObject): AnswerPart[] {
    const response = isJsonObject(event.response) ? event.response : {}
    switch (type) {
      case 'response.completed':
      case 'response.incomplete':
      case 'response.done':
        return [...this.#start(response), ...this.#end(type, response)]
      case 'response.failed':
      case 'response.cancelled':
        return this.#error(response.error ?? event.error)
      case 'error':
        return this.#error(isJsonObject(event.error) ? event.error : event)
      case '':
        // An error without any type: proxies in between write them like this.
        return event.error === undefined ? [] : this.#error(event.error)
      default:
        return type.startsWith('response.') ? [...this.#start(response), ...this.#items.take(type, event)] : []
    }
  }

  #start(response: JsonObject): AnswerPart[] {
    if (this.#started) return []
    this.#started = true
    return [{ type: 'start', id: textOf(response.id) || undefined, model: textOf(response.model) || undefined }]
  }

  #error(error: JsonValue | undefined): AnswerPart[] {
    return [{ type: 'error', error: readResponsesError(this.#options.name, error) }]
  }

  #end(type: string, response: JsonObject): AnswerPart[] {
    const status = textOf(response.status) || (type === 'response.incomplete' ? 'incomplete' : 'completed')
    if (status === 'failed' || status === 'cancelled') return this.#error(response.error)
    const rest = this.#items.complete(objectsOf(response.output))
    if (!this.#items.sawItems && status === 'completed') {
      const { provider, upstreamModel } = this.#options.name
      const sentence = `${provider} (model ${upstreamModel}) ended its answer without any output.`
      return [{ type: 'error', error: new GatewayError('upstream_invalid_answer', sentence) }]
    }
    const usage = readResponsesUsage(response)
    return [
      ...rest,
      ...(usage === null ? [] : [{ type: 'usage', usage } as const]),
      finishOf(status, response, this.#items.sawToolCall),
    ]
  }
}
