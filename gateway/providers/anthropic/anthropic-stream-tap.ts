import type { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { EventSplitter } from '../../upstream/event-splitter.ts'
import type { StreamTap } from '../provider.ts'
import { joinUsage, readUsage } from './anthropic-usage.ts'

const stopEvent = Buffer.from('event: message_stop\ndata: {"type":"message_stop"}\n\n')
const lineEnd = Buffer.from('\n\n')

export interface AnthropicStreamTapOptions {
  /** Turns an error object of the stream into ours. */
  readonly readError: (error: JsonObject) => GatewayError
  /** The error for a stream whose framing cannot be held in memory. */
  readonly oversized: () => GatewayError
}

/** The tap for Messages streams: see StreamTap. The bytes of events that go out are the upstream's own. */
export class AnthropicStreamTap implements StreamTap {
  readonly #options: AnthropicStreamTapOptions
  readonly #splitter = new EventSplitter()
  #usage: JsonObject | undefined
  sawOutput = false
  complete = false
  terminated = false
  terminal: Buffer = stopEvent
  failure: GatewayError | undefined

  constructor(options: AnthropicStreamTapOptions) {
    this.#options = options
  }

  get usage(): Usage | null {
    return this.#usage === undefined ? null : readUsage(this.#usage)
  }

  feed(chunk: Buffer): readonly Buffer[] {
    if (this.#isOver()) return []
    try {
      const batch = this.#splitter.push(chunk)
      return batch === undefined ? [] : this.#forward(batch.bytes, batch.text, batch.ends)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.failure = this.#options.oversized()
      return []
    }
  }

  finish(): readonly Buffer[] {
    if (this.#isOver()) return []
    const rest = this.#splitter.rest()
    if (rest.length === 0 || parseData(rest) === undefined) return []
    const whole = Buffer.concat([rest, lineEnd])
    return this.#admit(whole, rest.toString('latin1')) ? [whole] : []
  }

  #isOver(): boolean {
    return this.terminated || this.failure !== undefined
  }

  #forward(bytes: Buffer, text: string, ends: readonly number[]): Buffer[] {
    let start = 0
    for (const end of ends) {
      if (!this.#admit(bytes.subarray(start, end), text.slice(start, end))) {
        return start === 0 ? [] : [bytes.subarray(0, start)]
      }
      start = end
    }
    return start === 0 ? [] : [bytes.subarray(0, start)]
  }

  /** Takes note of an event; false keeps it and all after it back. */
  #admit(bytes: Buffer, text: string): boolean {
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
        this.failure = this.#options.readError(
          isJsonObject(event.error) ? event.error : { message: 'an error without words' },
        )
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
const output = /content_block_(?:delta|start)/

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
