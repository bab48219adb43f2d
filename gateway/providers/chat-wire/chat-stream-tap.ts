import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { StreamTap } from '../provider.ts'
import { readChatEvent } from './chat-event.ts'
import { type EventBatch, EventSplitter } from '../../upstream/event-splitter.ts'

const blankLine = Buffer.from('\n\n')
const doneEvent = Buffer.from('data: [DONE]\n\n')

export interface ChatStreamTapOptions {
  /** Keep back the usage-only chunk, which the client did not ask for. */
  readonly withholdUsage: boolean
  /** Turns an error object of the stream into ours. */
  readonly readError: (error: JsonObject) => GatewayError
  /** The error for a stream whose framing cannot be held in memory. */
  readonly oversized: () => GatewayError
}

/** The tap for chat completion streams: see StreamTap. The bytes of events that go out are the upstream's own. */
export class ChatStreamTap implements StreamTap {
  readonly #options: ChatStreamTapOptions
  readonly #splitter = new EventSplitter()
  sawOutput = false
  complete = false
  terminated = false
  terminal: Buffer = doneEvent
  usage: Usage | null = null
  failure: GatewayError | undefined

  constructor(options: ChatStreamTapOptions) {
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
    if (rest.length === 0) return []
    // Some upstreams end without the last blank line. Half an event must not go out: only one that reads as whole does.
    const event = readChatEvent(rest.toString('latin1'), rest, true)
    if (event.kind === 'comment' || event.kind === 'plain') return []
    return this.#admit(event, Buffer.concat([rest, blankLine])) ? [rest, blankLine] : []
  }

  #forward(batch: EventBatch): Buffer[] {
    const out: Buffer[] = []
    let start = 0
    let runStart = 0
    for (const end of batch.ends) {
      const bytes = batch.bytes.subarray(start, end)
      const event = readChatEvent(batch.text.slice(start, end), bytes, !this.sawOutput)
      if (!this.#admit(event, bytes)) {
        if (start > runStart) out.push(batch.bytes.subarray(runStart, start))
        runStart = end
        if (this.terminated || this.failure !== undefined) return out
      }
      start = end
    }
    if (start > runStart) out.push(batch.bytes.subarray(runStart, start))
    return out
  }

  /** Takes note of an event; false keeps it back. */
  #admit(event: ReturnType<typeof readChatEvent>, bytes: Buffer): boolean {
    switch (event.kind) {
      case 'terminal':
        this.terminated = true
        this.terminal = bytes
        return false
      case 'error':
        this.failure = this.#options.readError(event.error)
        return false
      case 'chunk':
        // Usage may come with any chunk, and the last word counts.
        if (event.usage !== null) this.usage = event.usage
        this.sawOutput ||= event.hasOutput
        this.complete ||= event.finished
        return !(event.usageOnly && this.#options.withholdUsage)
      default:
        return true
    }
  }
}
