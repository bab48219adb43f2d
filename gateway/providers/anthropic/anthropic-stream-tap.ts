import type { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { EventTap, type EventTapOptions } from '../event-tap.ts'
import { messagesText } from '../spoken-text.ts'
import { joinUsage, readUsage } from './anthropic-usage.ts'

const stopEvent = Buffer.from('event: message_stop\ndata: {"type":"message_stop"}\n\n')

/** The tap for Messages streams. */
export class AnthropicStreamTap extends EventTap {
  readonly #readError: (error: JsonObject) => GatewayError
  #usage: JsonObject | undefined
  protected readonly spokenFields = messagesText
  terminal: Buffer = stopEvent

  constructor(options: EventTapOptions) {
    super(options)
    this.#readError = options.readError
  }

  get usage(): Usage | null {
    return this.#usage === undefined ? null : readUsage(this.#usage)
  }

  protected isWhole(rest: Buffer): boolean {
    return parseData(rest) !== undefined
  }

  protected admit(bytes: Buffer, text: string): boolean {
    if (!needsReading.test(text)) {
      this.sawOutput ||= output.test(text)
      return true
    }
    const event = parseData(bytes)
    switch (event?.type) {
      case 'message_start':
        this.#noteUsage(isJsonObject(event.message) ? event.message.usage : undefined)
        return true
      case 'message_delta':
        this.#noteUsage(event.usage)
        this.complete ||= isJsonObject(event.delta) && typeof event.delta.stop_reason === 'string'
        this.sawOutput ||= this.complete
        return true
      case 'message_stop':
        this.complete = true
        this.terminated = true
        this.terminal = bytes
        return false
      case 'error':
        this.failure = this.#readError(isJsonObject(event.error) ? event.error : { message: 'an error without words' })
        return false
      default:
        this.sawOutput ||= output.test(text)
        return true
    }
  }

  #noteUsage(usage: JsonValue | undefined): void {
    if (isJsonObject(usage)) this.#usage = joinUsage(this.#usage ?? {}, usage)
  }
}

/** Events that accounting needs; all others are given on without being parsed. */
const needsReading = /message_(?:start|delta|stop)|"type"\s*:\s*"error"|event:\s*error/
/** A text or a thought has begun when it says something: until then another upstream may still answer. */
const output =
  /content_block_delta|content_block_start(?!.*"content_block"\s*:\s*\{\s*"type"\s*:\s*"(?:text|thinking)")/s

function parseData(bytes: Buffer): JsonObject | undefined {
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
  const data = lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line.charCodeAt(5) === 0x20 ? 6 : 5))
  try {
    const value: unknown = JSON.parse(data.join('\n'))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
