import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { EventTap, type EventTapOptions } from '../event-tap.ts'
import { chatText } from '../spoken-text.ts'
import { readChatEvent } from './chat-event.ts'

const doneEvent = Buffer.from('data: [DONE]\n\n')

export interface ChatStreamTapOptions extends EventTapOptions {
  /** Keep back the usage-only chunk, which the client did not ask for. */
  readonly withholdUsage: boolean
}

/** The tap for chat completion streams. */
export class ChatStreamTap extends EventTap {
  readonly #withholdUsage: boolean
  readonly #readError: (error: JsonObject) => GatewayError
  protected readonly spokenFields = chatText
  terminal: Buffer = doneEvent
  usage: Usage | null = null

  constructor(options: ChatStreamTapOptions) {
    super(options)
    this.#withholdUsage = options.withholdUsage
    this.#readError = options.readError
  }

  protected isWhole(rest: Buffer): boolean {
    const { kind } = readChatEvent(rest.toString('latin1'), rest, true)
    return kind !== 'comment' && kind !== 'plain'
  }

  protected admit(bytes: Buffer, text: string): boolean {
    const event = readChatEvent(text, bytes, !this.sawOutput)
    switch (event.kind) {
      case 'terminal':
        this.terminated = true
        this.terminal = bytes
        return false
      case 'error':
        this.failure = this.#readError(event.error)
        return false
      case 'chunk':
        // Usage may come with any chunk, and the last word counts.
        if (event.usage !== null) this.usage = event.usage
        this.sawOutput ||= event.hasOutput
        this.complete ||= event.finished
        return !(event.usageOnly && this.#withholdUsage)
      default:
        return true
    }
  }
}
