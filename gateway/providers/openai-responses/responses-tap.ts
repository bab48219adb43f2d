import type { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { SseReader } from '../../upstream/sse-reader.ts'
import { EventTap, type EventTapOptions } from '../event-tap.ts'
import { responsesText } from '../spoken-text.ts'
import { parseEvent, textOf } from './answer-events.ts'
import { failedEvent } from './failed-event.ts'
import { readResponsesUsage } from './responses-usage.ts'

/** Events that must be read: the ends, errors, and the first one for the answer's id. */
const matters =
  /"type"\s*:\s*"(?:response\.(?:created|completed|incomplete|failed|cancelled|done)|error)"|"error"\s*:\s*[{"]|^event:\s*(?:error|response\.(?:created|completed|incomplete|failed|cancelled))\b/m
const output = /"type"\s*:\s*"response\.(?:[a-z_]+\.delta|output_item\.done)"/
/** Events between a service and its own client. */
const foreignEvent = /"type"\s*:\s*"(?:codex|responsesapi)\./

/** The tap for Responses streams that pass through. */
export class ResponsesTap extends EventTap {
  readonly #readError: (error: JsonObject) => GatewayError
  #response: JsonObject = {}
  #sequence = -1
  #failedBytes: Buffer | undefined
  protected readonly spokenFields = responsesText
  terminal: Buffer = Buffer.alloc(0)
  usage: Usage | null = null

  constructor(options: EventTapOptions) {
    super(options)
    this.#readError = options.readError
  }

  /** Ends a stream that has begun: with the upstream's own last word, else with one in the order of its numbers. */
  fail(error: GatewayError): Buffer {
    return this.#failedBytes ?? failedEvent(this.#response, this.#sequence + 1, error)
  }

  protected isWhole(rest: Buffer): boolean {
    return matters.test(rest.toString('latin1'))
  }

  protected admit(bytes: Buffer, text: string): boolean {
    if (foreignEvent.test(text)) return false
    this.#sequence = sequenceOf(text) ?? this.#sequence
    if (output.test(text)) this.sawOutput = true
    return !matters.test(text) || !this.#read(bytes)
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
    this.usage = readResponsesUsage(response) ?? this.usage
    this.sawOutput = true
    this.complete = true
    this.terminated = true
    this.terminal = bytes
    return true
  }

  #fail(error: unknown): boolean {
    this.failure = this.#readError(isJsonObject(error) ? error : { message: typeof error === 'string' ? error : '' })
    return true
  }
}

function sequenceOf(text: string): number | undefined {
  // A number in the model's own text has its quotes escaped.
  const found = /"sequence_number"\s*:\s*(\d+)/.exec(text)
  return found === null ? undefined : Number(found[1])
}
