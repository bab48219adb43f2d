import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { type EventBatch, EventSplitter } from '../../upstream/event-splitter.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import type { StreamTap } from '../provider.ts'
import { spokenBytes } from '../spoken-text.ts'
import { errorObjectIn, readGeminiErrorObject } from './failure.ts'
import { meaningOf } from './finish-reason.ts'
import { readGeminiUsage } from './usage.ts'

const nothing = Buffer.alloc(0)

/** How the events of one answer go on to the client. */
export interface EventFraming {
  /** The bytes of one event; `text` is its data. */
  event(bytes: Buffer, data: string): Buffer
  /** What stands after the last event. */
  readonly tail: Buffer
}

/** Events as they came. */
export const asEvents: EventFraming = { event: (bytes) => bytes, tail: nothing }

/** The elements of one JSON list, which is what streamGenerateContent gives without `alt=sse`. */
export function asJsonList(): EventFraming {
  let isFirst = true
  return {
    event: (_bytes, data) => {
      const lead = isFirst ? '[' : ',\r\n'
      isFirst = false
      return Buffer.from(lead + data)
    },
    tail: Buffer.from(']\r\n'),
  }
}

/**
 * The tap for generateContent streams: see StreamTap. This wire has no terminal event, so the newest event that tells a
 * finish is kept back until another follows or the upstream ends; it is then the terminal.
 */
export class GeminiStreamTap implements StreamTap {
  readonly #name: UpstreamName
  readonly #framing: EventFraming
  readonly #splitter = new EventSplitter()
  #held: Buffer | undefined
  sawOutput = false
  complete = false
  readonly terminated = false
  usage: Usage | null = null
  spokenBytes = 0
  failure: GatewayError | undefined

  constructor(name: UpstreamName, framing: EventFraming = asEvents) {
    this.#name = name
    this.#framing = framing
  }

  get terminal(): Buffer {
    return Buffer.concat([this.#held ?? nothing, this.#framing.tail])
  }

  feed(chunk: Buffer): readonly Buffer[] {
    if (this.failure !== undefined) return []
    try {
      const batch = this.#splitter.push(chunk)
      return batch === undefined ? [] : this.#forward(batch)
    } catch {
      this.failure = this.#invalid('a stream event larger than 32 MiB')
      return []
    }
  }

  finish(): readonly Buffer[] {
    if (this.failure !== undefined) return []
    const rest = this.#splitter.rest()
    // Half an event must not go out: only one that reads as whole does.
    const pieces = chunkOf(rest) === undefined ? [] : this.#admit(Buffer.concat([rest, Buffer.from('\r\n\r\n')]))
    if (this.complete && !this.sawOutput && this.failure === undefined) this.failure = this.#invalid('an empty answer')
    return pieces
  }

  #forward(batch: EventBatch): Buffer[] {
    const out: Buffer[] = []
    let start = 0
    for (const end of batch.ends) {
      out.push(...this.#admit(batch.bytes.subarray(start, end)))
      if (this.failure !== undefined) return out
      start = end
    }
    return out
  }

  /** Takes note of an event and gives what may go out by now. */
  #admit(bytes: Buffer): Buffer[] {
    const read = chunkOf(bytes)
    // A comment cannot stand in a list, and what is no JSON says nothing to any client.
    if (read === undefined) return this.#framing === asEvents ? this.#release(bytes) : []
    const { chunk, data } = read
    const error = errorObjectIn(chunk)
    if (error !== undefined) {
      this.failure = readGeminiErrorObject(this.#name, error)
      return []
    }
    this.usage = readGeminiUsage(chunk) ?? this.usage
    this.spokenBytes += spokenBytes(data, partText)
    const word = this.#note(chunk)
    if (this.failure !== undefined) return []
    const framed = this.#framing.event(bytes, data)
    if (word === undefined) return this.#release(framed)
    const out = this.#release(nothing)
    this.complete = true
    this.#held = framed
    return out
  }

  /** Whatever was kept back goes out before what follows it. */
  #release(bytes: Buffer): Buffer[] {
    const out = [this.#held, bytes].filter((piece) => piece !== undefined && piece.length > 0) as Buffer[]
    this.#held = undefined
    return out
  }

  /** The word that ends the answer, if this chunk has one. */
  #note(chunk: JsonObject): string | undefined {
    const candidates = Array.isArray(chunk.candidates) ? chunk.candidates.filter((entry) => isJsonObject(entry)) : []
    this.sawOutput ||= candidates.some((candidate) => hasContent(candidate))
    const words = candidates.map((candidate) => candidate.finishReason).filter((word) => typeof word === 'string')
    const word = words.find((entry) => entry !== '' && entry !== 'FINISH_REASON_UNSPECIFIED')
    if (word !== undefined) {
      const { kind } = meaningOf(word)
      if (kind === 'failure') this.failure = this.#invalid(`a broken answer (${word})`)
      if (kind === 'end') this.sawOutput = true
      return word
    }
    const feedback = chunk.promptFeedback
    if (!isJsonObject(feedback) || typeof feedback.blockReason !== 'string') return undefined
    this.sawOutput = true
    return feedback.blockReason
  }

  #invalid(seen: string): GatewayError {
    const { provider, upstreamModel } = this.#name
    return new GatewayError('upstream_invalid_answer', `${provider} (model ${upstreamModel}) sent ${seen}.`)
  }
}

/** Text and thoughts; arguments of calls are objects of any shape and come with the usage of their chunk. */
const partText = /"text"\s*:\s*"/g

function hasContent(candidate: JsonObject): boolean {
  const { content } = candidate
  if (!isJsonObject(content) || !Array.isArray(content.parts)) return false
  return content.parts.some((part) => isJsonObject(part) && part.text !== '' && Object.keys(part).length > 0)
}

/** The data of an event and the object in it; undefined for a comment and for anything that is no JSON object. */
function chunkOf(bytes: Buffer): { chunk: JsonObject; data: string } | undefined {
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
  const data = lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .join('\n')
  try {
    const chunk: unknown = JSON.parse(data)
    return isJsonObject(chunk) ? { chunk, data } : undefined
  } catch {
    return undefined
  }
}
