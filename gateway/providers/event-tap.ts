import type { GatewayError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { Usage } from '../model/usage.ts'
import { type EventBatch, EventSplitter } from '../upstream/event-splitter.ts'
import type { StreamTap } from './provider.ts'
import { spokenBytes } from './spoken-text.ts'

const blankLine = Buffer.from('\n\n')

export interface EventTapOptions {
  /** Turns an error object of the stream into ours. */
  readonly readError: (error: JsonObject) => GatewayError
  /** The error for a stream whose framing cannot be held in memory. */
  readonly oversized: () => GatewayError
}

/**
 * What the taps of event streams have in common: see StreamTap. The bytes of events that go out are the upstream's own;
 * each wire only says which events it keeps back and what they mean.
 */
export abstract class EventTap implements StreamTap {
  readonly #oversized: () => GatewayError
  readonly #splitter = new EventSplitter()
  sawOutput = false
  complete = false
  terminated = false
  failure: GatewayError | undefined
  spokenBytes = 0
  abstract readonly terminal: Buffer
  abstract readonly usage: Usage | null

  constructor({ oversized }: EventTapOptions) {
    this.#oversized = oversized
  }

  /** Fields of this wire's events that hold text of the model; undefined where none does. */
  protected abstract readonly spokenFields: RegExp | undefined

  /** Takes note of one event; false keeps it back. `text` is the event one character per byte. */
  protected abstract admit(bytes: Buffer, text: string): boolean

  /** Whether the last bytes of a stream, which lack their blank line, are a whole event. */
  protected abstract isWhole(rest: Buffer): boolean

  feed(chunk: Buffer): readonly Buffer[] {
    if (this.#isOver()) return []
    let batch: EventBatch | undefined
    try {
      batch = this.#splitter.push(chunk)
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown
      this.failure = this.#oversized()
      return []
    }
    return batch === undefined ? [] : this.#forward(batch)
  }

  /** Some upstreams end without the last blank line. Half an event must not go out: only one that reads as whole does. */
  finish(): readonly Buffer[] {
    if (this.#isOver()) return []
    const rest = this.#splitter.rest()
    if (rest.length === 0 || !this.isWhole(rest)) return []
    const event = Buffer.concat([rest, blankLine])
    return this.admit(event, event.toString('latin1')) ? [event] : []
  }

  #isOver(): boolean {
    return this.terminated || this.failure !== undefined
  }

  /** Events that go out side by side stay one piece. */
  #forward(batch: EventBatch): Buffer[] {
    const out: Buffer[] = []
    let start = 0
    let runStart = 0
    if (this.spokenFields !== undefined) this.spokenBytes += spokenBytes(batch.text, this.spokenFields)
    for (const end of batch.ends) {
      if (!this.admit(batch.bytes.subarray(start, end), batch.text.slice(start, end))) {
        if (start > runStart) out.push(batch.bytes.subarray(runStart, start))
        runStart = end
        if (this.#isOver()) return out
      }
      start = end
    }
    if (start > runStart) out.push(batch.bytes.subarray(runStart, start))
    return out
  }
}
