import type { AnswerPart, FinishReason } from '../../model/answer-parts.ts'
import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { notesOf, readCitations, type UrlCitation } from '../../model/text-notes.ts'
import type { Usage } from '../../model/usage.ts'
import { SseReader, type SseEvent } from '../../upstream/sse-reader.ts'
import type { AnswerReader } from '../provider.ts'
import { readChatErrorObject, type UpstreamName } from './chat-failure.ts'
import { readChatFinish } from './chat-finish.ts'
import { mergeDetails, objects, readChatPiece, stringOf } from './chat-reasoning.ts'
import { ChatToolCalls, type ToolCallReading } from './chat-tool-calls.ts'
import { readChatUsage } from './chat-usage.ts'
import { type TaggedPiece, ThinkTags } from './think-tags.ts'

export interface ChatReading extends ToolCallReading {
  readonly upstream: UpstreamName
  /** Whether thinking between tags at the beginning of the content is read as such; not unless given. */
  readonly readsThinkTags?: boolean
}

type TextKind = 'text' | 'reasoning' | 'refusal'

/** Reads one streamed chat completion to answer parts: see AnswerReader. */
export class ChatReader implements AnswerReader {
  readonly #events = new SseReader()
  readonly #parts: ChatParts

  constructor(reading: ChatReading) {
    this.#parts = new ChatParts(reading)
  }

  feed(chunk: Buffer): readonly AnswerPart[] {
    if (this.#parts.over) return []
    try {
      return this.#readEvents(this.#events.feed(chunk))
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown
      return this.#parts.fail(this.#parts.invalid('a stream event larger than 32 MiB'))
    }
  }

  finish(): readonly AnswerPart[] {
    if (this.#parts.over) return []
    const parts = this.#readEvents(this.#events.finish())
    return this.#parts.over ? parts : [...parts, ...this.#parts.end(false)]
  }

  #readEvents(events: readonly SseEvent[]): AnswerPart[] {
    return events.flatMap((event) => (this.#parts.over ? [] : this.#readEvent(event)))
  }

  #readEvent({ event, data }: SseEvent): AnswerPart[] {
    if (data.trim() === '') return []
    if (data.trim() === '[DONE]') return this.#parts.end(true)
    let value: unknown
    try {
      value = JSON.parse(data)
    } catch {
      return []
    }
    if (!isJsonObject(value)) return []
    return event === 'error' && value.error === undefined
      ? this.#parts.read({ error: value }, false)
      : this.#parts.read(value, false)
  }
}

/**
 * Reads a complete chat completion as a list of parts. Throws GatewayError `upstream_invalid_answer` for what is no
 * completion, and the matching error for an error object that came with status 200.
 */
export function readChatAnswerParts(reading: ChatReading, body: Buffer): readonly AnswerPart[] {
  const parts = new ChatParts(reading)
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw parts.invalid('something that is not JSON')
  }
  if (!isJsonObject(value)) throw parts.invalid('JSON that is not an object')
  const list = parts.read(value, true)
  if (!parts.over && !Array.isArray(value.choices)) throw parts.invalid('an answer without choices')
  const all = parts.over ? list : [...list, ...parts.end(true)]
  const failure = all.find((part) => part.type === 'error')
  if (failure !== undefined) throw failure.error
  return all
}

/** Turns chunks, or one whole completion, into parts; keeps what is open. */
class ChatParts {
  readonly #reading: ChatReading
  readonly #calls: ChatToolCalls
  readonly #tags: ThinkTags | undefined
  #started = false
  #nextIndex = 0
  #open: { readonly kind: TextKind; readonly index: number } | undefined
  #details: JsonObject[] = []
  #citations: UrlCitation[] = []
  #logprobs: JsonObject[] = []
  #finish: string | undefined
  #usage: Usage | null = null
  #sawText = false
  #warned = false
  /** True after finish or error. */
  over = false

  constructor(reading: ChatReading) {
    this.#reading = reading
    this.#tags = reading.readsThinkTags === true ? new ThinkTags() : undefined
    this.#calls = new ChatToolCalls(reading, () => this.#nextIndex++)
  }

  invalid(seen: string): GatewayError {
    const { provider, upstreamModel } = this.#reading.upstream
    return new GatewayError('upstream_invalid_answer', `${provider} (model ${upstreamModel}) sent ${seen}.`)
  }

  fail(error: GatewayError): AnswerPart[] {
    this.over = true
    return [{ type: 'error', error }]
  }

  read(chunk: JsonObject, whole: boolean): AnswerPart[] {
    const choice = firstChoice(chunk.choices)
    const error = errorOf(chunk) ?? errorOf(choice)
    if (error !== undefined) return this.fail(readChatErrorObject(this.#reading.upstream, error))
    const parts: AnswerPart[] = this.#start(chunk)
    const usage = readChatUsage(chunk)
    if (usage !== null) {
      this.#usage = usage
      parts.push({ type: 'usage', usage })
    }
    if (isJsonObject(choice?.logprobs)) this.#logprobs.push(...objects(choice.logprobs.content))
    const message = messageOf(choice, whole || !this.#sawText)
    if (message !== undefined) parts.push(...this.#readMessage(message, whole || message === choice?.message))
    const finish = stringOf(choice?.finish_reason)
    if (finish !== '') this.#finish = finish
    return finish !== '' && readChatFinish(finish) === 'error' ? [...parts, ...this.#refuse(finish)] : parts
  }

  /** At the end marker, or at the end of the bytes. A stream cut short ends with nothing. */
  end(marked: boolean): AnswerPart[] {
    return [...this.#appendAll(this.#tags?.flush() ?? []), ...this.#end(marked)]
  }

  #end(marked: boolean): AnswerPart[] {
    const hasOutput = this.#nextIndex > 0
    if (this.#finish === undefined && !(hasOutput && (marked || this.#usage !== null))) {
      return marked ? this.fail(this.invalid('an answer without content')) : []
    }
    if (this.#finish === undefined && this.#calls.incomplete) return this.fail(this.#cut())
    const said = this.#finish === undefined ? undefined : readChatFinish(this.#finish)
    const reason = said === undefined || said === 'error' ? 'stop' : said
    const parts = this.#closeAll(reason === 'length' || reason === 'context_full')
    if (reason === 'stop' && this.#nextIndex === 0 && (this.#usage?.outputTokens ?? 0) === 0) {
      return this.fail(this.invalid('an answer without content'))
    }
    this.over = true
    if (this.#finish === undefined) parts.push({ type: 'warning', text: 'the upstream gave no finish reason' })
    else if (said === undefined) {
      parts.push({ type: 'warning', text: `the finish reason "${this.#finish.slice(0, 60)}" was read as stop` })
    }
    return [...parts, { type: 'finish', reason: this.#withCalls(reason), raw: this.#finish ?? null }]
  }

  /** Calls decide over the word: some upstreams say stop when they call, or the reverse. */
  #withCalls(reason: FinishReason): FinishReason {
    if (reason === 'stop' && this.#calls.count > 0) return 'tools'
    return reason === 'tools' && this.#calls.count === 0 ? 'stop' : reason
  }

  #refuse(finish: string): AnswerPart[] {
    const { provider, upstreamModel } = this.#reading.upstream
    return this.fail(
      new GatewayError(
        'upstream_error',
        `${provider} (model ${upstreamModel}) broke its answer off with the finish reason "${finish}".`,
      ),
    )
  }

  /** A call that breaks off is never handed on as a whole one. */
  #cut(): GatewayError {
    const { provider, upstreamModel } = this.#reading.upstream
    return new GatewayError(
      'upstream_stream_cut',
      `${provider} (model ${upstreamModel}) ended its answer within the arguments of a tool call.`,
    )
  }

  #start(chunk: JsonObject): AnswerPart[] {
    if (this.#started) return []
    this.#started = true
    return [{ type: 'start', id: stringOf(chunk.id) || undefined, model: stringOf(chunk.model) || undefined }]
  }

  #readMessage(message: JsonObject, whole: boolean): AnswerPart[] {
    const { reasoning, text, details } = readChatPiece(message)
    const parts: AnswerPart[] = []
    if (details.length > 0) {
      parts.push(...this.#openText('reasoning'))
      this.#details.push(...details)
    }
    parts.push(...this.#append('reasoning', reasoning))
    parts.push(...this.#appendAll(this.#tags?.split(text, whole) ?? [{ kind: 'text', text }]))
    parts.push(...this.#append('refusal', stringOf(message.refusal)))
    const calls = this.#calls.read(message, whole)
    if (calls.some((part) => part.type === 'part-start')) {
      parts.push(...this.#appendAll(this.#tags?.flush() ?? []), ...this.#closeText())
    }
    parts.push(...calls)
    return [...parts, ...this.#cite(message)]
  }

  /** They come with or after the text that they belong to. */
  #cite(message: JsonObject): AnswerPart[] {
    const { citations, lost } = readCitations(message.annotations)
    this.#citations.push(...citations)
    if (this.#warned || !lost) return []
    this.#warned = true
    return [{ type: 'warning', text: 'citations of files in the answer were left out' }]
  }

  #appendAll(pieces: readonly TaggedPiece[]): AnswerPart[] {
    return pieces.flatMap(({ kind, text }) => this.#append(kind, text))
  }

  #append(kind: TextKind, text: string): AnswerPart[] {
    if (text === '') return []
    this.#sawText = true
    const opened = this.#openText(kind)
    return [...opened, { type: 'part-delta', index: this.#open?.index ?? 0, text }]
  }

  #openText(kind: TextKind): AnswerPart[] {
    if (this.#open?.kind === kind) return []
    const closed = this.#closeText()
    const index = this.#nextIndex++
    this.#open = { kind, index }
    return [...closed, { type: 'part-start', index, part: { type: kind } }]
  }

  #closeText(): AnswerPart[] {
    if (this.#open === undefined) return []
    const { kind, index } = this.#open
    this.#open = undefined
    if (kind === 'text') return [this.#endOfText(index)]
    if (kind !== 'reasoning' || this.#details.length === 0) return [{ type: 'part-end', index }]
    const data: JsonValue = mergeDetails(this.#details)
    this.#details = []
    return [{ type: 'part-end', index, opaque: [{ scope: this.#reading.scope, kind: 'reasoning_details', data }] }]
  }

  #endOfText(index: number): AnswerPart {
    const notes = notesOf(this.#citations, this.#logprobs)
    this.#citations = []
    this.#logprobs = []
    return { type: 'part-end', index, ...(notes === undefined ? {} : { notes }) }
  }

  #closeAll(truncated: boolean): AnswerPart[] {
    return [...this.#closeText(), ...this.#calls.close(truncated)]
  }
}

function firstChoice(choices: JsonValue | undefined): JsonObject | undefined {
  return objects(choices).find((choice) => choice.index === undefined || choice.index === 0 || choice.index === null)
}

/** The delta; or the whole message, which some upstreams send in a stream too. */
function messageOf(choice: JsonObject | undefined, takeWhole: boolean): JsonObject | undefined {
  if (choice === undefined) return undefined
  if (isJsonObject(choice.delta)) return choice.delta
  return takeWhole && isJsonObject(choice.message) ? choice.message : undefined
}

/** An error object in any of its places and forms. */
function errorOf(value: JsonObject | undefined): JsonObject | undefined {
  if (value === undefined) return undefined
  if (isJsonObject(value.error)) return value.error
  if (typeof value.error === 'string') return { message: value.error }
  const flat = value.object === 'error' || (value.type === 'error' && value.choices === undefined)
  return flat ? value : undefined
}
