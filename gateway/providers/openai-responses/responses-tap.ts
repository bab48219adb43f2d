import type { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { type EventBatch, EventSplitter } from '../../upstream/event-splitter.ts'
import { SseReader } from '../../upstream/sse-reader.ts'
import type { StreamTap } from '../provider.ts'
import { parseEvent, textOf } from './answer-events.ts'
import { failedEvent } from './failed-event.ts'
import { readResponsesUsage } from './responses-usage.ts'

export interface ResponsesTapOptions {
  /** Turns the error of the stream into ours. */
  readonly readError: (error: JsonObject) => GatewayError
  /** The error for a stream whose framing cannot be held in memory. */
  readonly oversized: () => GatewayError
}

const blankLine = Buffer.from('\n\n')

/** Events that must be read: the ends, errors, and the first one for the answer's id. */
const matters =
  /"type"\s*:\s*"(?:response\.(?:created|completed|incomplete|failed|cancelled|done)|error)"|"error"\s*:\s*[{"]|^event:\s*(?:error|response\.(?:created|completed|incomplete|failed|cancelled))\b/m
const output = /"type"\s*:\s*"response\.(?:[a-z_]+\.delta|output_item\.done)"/
/** Events between a service and its own client. */
const foreignEvent = /"type"\s*:\s*"(?:codex|responsesapi)\./

/** The tap for Responses streams that pass through: see StreamTap. The bytes of events that go out are the upstream's own. */
export class ResponsesTap implements StreamTap {
  readonly #options: ResponsesTapOptions
  readonly #splitter = new EventSplitter()
  #response: JsonObject = {}
  #sequence = -1
  #failedBytes: Buffer | undefined
  sawOutput = false
  complete = false
  terminated = false
  terminal: Buffer = Buffer.alloc(0)
  usage: Usage | null = null
  failure: GatewayError | undefined

  constructor(options: ResponsesTapOptions) {
    this.#options = options
  }

  feed(chunk: Buffer): readonly Buffer[] {
    if (this.terminated || this.failure !== undefined) return []
    try {
      const batch = this.#splitter.push(chunk)
      return batch === undefined ? [] : this.#forward(batch)
    } catch {
      this.failure = this.#options.oversized()
      return []
    }
  }

  finish(): readonly Buffer[] {
    if (this.terminated || this.failure !== undefined) return []
    const rest = this.#splitter.rest()
    // Half an event must not go out, and a whole one without its blank line is told by what it holds.
    if (rest.length > 0 && matters.test(rest.toString('latin1'))) this.#read(Buffer.concat([rest, blankLine]))
    return []
  }

  /** Ends a stream that has begun: with the upstream's own last word, else with one in the order of its numbers. */
  fail(error: GatewayError): Buffer {
    return this.#failedBytes ?? failedEvent(this.#response, this.#sequence + 1, error)
  }

  #forward(batch: EventBatch): Buffer[] {
    const out: Buffer[] = []
    let start = 0
    for (const end of batch.ends) {
      const bytes = batch.bytes.subarray(start, end)
      const text = batch.text.slice(start, end)
      start = end
      if (foreignEvent.test(text)) continue
      this.#sequence = sequenceOf(text) ?? this.#sequence
      if (output.test(text)) this.sawOutput = true
      if (!matters.test(text) || !this.#read(bytes)) out.push(bytes)
      if (this.terminated || this.failure !== undefined) break
    }
    return out.length > 1 ? [Buffer.concat(out)] : out
  }

  /** Takes note of an event; true keeps it back. */
  #read(bytes: Buffer): boolean {
    const [event] = new SseReader().feed(bytes)
    const value = event === undefined ? undefined : parseEvent(event.data)
    if (event === undefined || value === undefined) return false
    const response = isJsonObject(value.response) ? value.response : {}
    switch (textOf(value.type) || (event.event ?? '')) {
      case 'response.created':
        this.#response = response
        return false
      case 'response.completed':
      case 'response.incomplete':
      case 'response.done':
        return this.#end(bytes, response)
      case 'response.failed':
      case 'response.cancelled':
        this.#failedBytes = bytes
        return this.#fail(response.error)
      case 'error':
        return this.#fail(isJsonObject(value.error) ? value.error : value)
      case '':
        return value.error !== undefined && value.error !== null && this.#fail(value.error)
      default:
        // The word stood in a text of the model.
        return false
    }
  }

  #end(bytes: Buffer, response: JsonObject): boolean {
    this.usage = readResponsesUsage(response.usage) ?? this.usage
    this.sawOutput = true
    this.complete = true
    this.terminated = true
    this.terminal = bytes
    return true
  }

  #fail(error: unknown): boolean {
    this.failure = this.#options.readError(
      isJsonObject(error) ? error : { message: typeof error === 'string' ? error : '' },
    )
    return true
  }
}

function sequenceOf(text: string): number | undefined {
  // A number in the model's own text has its quotes escaped.
  const found = /"sequence_number"\s*:\s*(\d+)/.exec(text)
  return found === null ? undefined : Number(found[1])
}
