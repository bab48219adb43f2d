import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { SseReader } from '../../upstream/sse-reader.ts'
import { EventTap, type EventTapOptions } from '../event-tap.ts'

export interface EndpointTapOptions extends EventTapOptions {
  readonly readUsage: (event: JsonObject) => Usage | null
}

/** The event that ends the stream of an endpoint: a transcript, a picture or a speech is done. */
const lastEvents = /^(?:transcript\.text\.done|speech\.audio\.done|image_(?:edit|generation)\.completed)$/

/** The tap for streams of endpoints that are no conversation: every event is given on, usage and errors are read. */
export class EndpointTap extends EventTap {
  readonly #options: EndpointTapOptions
  protected readonly spokenFields = undefined
  terminal: Buffer = Buffer.alloc(0)
  usage: Usage | null = null

  constructor(options: EndpointTapOptions) {
    super(options)
    this.#options = options
  }

  protected isWhole(rest: Buffer): boolean {
    return dataOf(rest) !== undefined
  }

  protected admit(bytes: Buffer): boolean {
    const data = dataOf(bytes)
    if (data === undefined) return true
    if (data === '[DONE]') return this.#end(bytes)
    const { error } = data
    if (data.type === 'error' || (error !== undefined && error !== null)) {
      this.failure = this.#options.readError(isJsonObject(error) ? error : data)
      return false
    }
    this.sawOutput = true
    this.usage = this.#options.readUsage(data) ?? this.usage
    return typeof data.type === 'string' && lastEvents.test(data.type) ? this.#end(bytes) : true
  }

  #end(bytes: Buffer): false {
    this.sawOutput = true
    this.complete = true
    this.terminated = true
    this.terminal = bytes
    return false
  }
}

/** The object of an event, or its end mark; undefined for a comment and for half an event. */
function dataOf(bytes: Buffer): JsonObject | '[DONE]' | undefined {
  const reader = new SseReader()
  const data = (reader.feed(bytes)[0] ?? reader.finish()[0])?.data.trim() ?? ''
  if (data === '[DONE]') return data
  try {
    const value: unknown = JSON.parse(data)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
