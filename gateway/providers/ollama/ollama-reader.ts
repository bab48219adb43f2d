import { randomUUID } from 'node:crypto'
import type { AnswerPart, FinishReason, OpenedPart } from '../../model/answer-parts.ts'
import { unwrapCustomInput } from '../../model/custom-tool-input.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { clientToolId, mapToolId } from '../../model/tool-ids.ts'
import type { Usage } from '../../model/usage.ts'
import { LineReader } from '../../upstream/line-reader.ts'
import { invalidAnswer } from '../answer-object.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import type { AnswerReader } from '../provider.ts'
import { readOllamaErrorLine } from './ollama-failure.ts'

export interface OllamaReading {
  readonly name: UpstreamName
  readonly names: FlatToolNames
  /** Wire names of tools whose input is raw text. */
  readonly customTools: ReadonlySet<string>
  /** Judges the number of tokens that the model has read; a sentence when the prompt was cut. */
  readonly judgePrompt: (tokensRead: number) => string | undefined
}

/** Reads an answer of `/api/chat`: lines of JSON, each with new text, the last one with `done` and the counts. */
export class OllamaReader implements AnswerReader {
  readonly #reading: OllamaReading
  readonly #lines = new LineReader()
  readonly #out: AnswerPart[] = []
  readonly #takenIds = new Set<string>()
  readonly #seed = randomUUID()
  #started = false
  #parts = 0
  #calls = 0
  #open: { readonly index: number; readonly type: OpenedPart['type'] } | undefined
  #over = false

  constructor(reading: OllamaReading) {
    this.#reading = reading
  }

  feed(chunk: Buffer): readonly AnswerPart[] {
    try {
      for (const line of this.#lines.feed(chunk)) this.addLine(line)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#fail(invalidAnswer(this.#reading.name, 'a line of JSON', 'a line larger than 32 MiB'))
    }
    return this.#out.splice(0)
  }

  finish(): readonly AnswerPart[] {
    for (const line of this.#lines.finish()) this.addLine(line)
    return this.#out.splice(0)
  }

  /** One line of the stream, or a complete answer. */
  addLine(text: string): void {
    if (this.#over) return
    const line = parsed(text)
    if (line === undefined) {
      return this.#fail(invalidAnswer(this.#reading.name, 'a line of JSON', 'something else'))
    }
    const error = readOllamaErrorLine(this.#reading.name, line)
    if (error !== undefined) return this.#fail(error)
    if (!isJsonObject(line.message) && line.done !== true) {
      return this.#fail(invalidAnswer(this.#reading.name, 'an answer of /api/chat', 'JSON of another kind'))
    }
    this.#start(line)
    if (isJsonObject(line.message)) this.#addMessage(line.message)
    if (line.done === true) this.#end(line)
  }

  #start(line: JsonObject): void {
    if (this.#started) return
    this.#started = true
    const model = typeof line.model === 'string' ? line.model : undefined
    this.#out.push({ type: 'start', id: undefined, model })
  }

  #addMessage(message: JsonObject): void {
    if (typeof message.thinking === 'string') this.#addText('reasoning', message.thinking)
    if (typeof message.content === 'string') this.#addText('text', message.content)
    const calls = Array.isArray(message.tool_calls) ? message.tool_calls : []
    for (const call of calls) if (isJsonObject(call)) this.#addCall(call)
  }

  #addText(type: 'text' | 'reasoning', text: string): void {
    if (text === '') return
    if (this.#open?.type !== type) this.#openPart({ type })
    this.#out.push({ type: 'part-delta', index: this.#open?.index ?? 0, text })
  }

  /** Calls come whole; versions differ in whether they have an id and whether arguments are an object or its text. */
  #addCall(call: JsonObject): void {
    const target = isJsonObject(call.function) ? call.function : call
    const name = typeof target.name === 'string' ? target.name : ''
    const isCustom = this.#reading.customTools.has(name)
    const given = typeof call.id === 'string' && call.id !== '' ? call.id : `${this.#seed}:${this.#calls}`
    const id = mapToolId(given, clientToolId, this.#takenIds)
    this.#takenIds.add(id)
    this.#calls += 1
    this.#openPart({
      type: 'tool-call',
      id,
      ...this.#reading.names.restore(name),
      kind: isCustom ? 'custom' : 'function',
    })
    const written = argumentText(target.arguments)
    const text = isCustom ? unwrapCustomInput(written) : written
    if (text !== '') this.#out.push({ type: 'part-delta', index: this.#open?.index ?? 0, text })
  }

  #openPart(part: OpenedPart): void {
    this.#closePart()
    this.#open = { index: this.#parts, type: part.type }
    this.#parts += 1
    this.#out.push({ type: 'part-start', index: this.#open.index, part })
  }

  #closePart(): void {
    if (this.#open !== undefined) this.#out.push({ type: 'part-end', index: this.#open.index })
    this.#open = undefined
  }

  #end(line: JsonObject): void {
    const raw = typeof line.done_reason === 'string' && line.done_reason !== '' ? line.done_reason : null
    const usage = usageOf(line)
    if (raw === 'load' || raw === 'unload' || (this.#parts === 0 && usage === null)) {
      const { name } = this.#reading
      return this.#fail(invalidAnswer(name, 'an answer of /api/chat', `an empty answer (${raw ?? 'no reason'})`))
    }
    this.#closePart()
    if (usage !== null) this.#out.push({ type: 'usage', usage })
    const cut = this.#reading.judgePrompt(usage?.inputTokens ?? 0)
    if (cut !== undefined) this.#out.push({ type: 'warning', text: cut })
    this.#over = true
    this.#out.push({ type: 'finish', reason: this.#reasonOf(raw), raw })
  }

  #reasonOf(raw: string | null): FinishReason {
    if (this.#calls > 0) return 'tools'
    return raw === 'length' ? 'length' : 'stop'
  }

  #fail(error: GatewayError): void {
    if (this.#over) return
    this.#over = true
    this.#out.push({ type: 'error', error })
  }
}

/** Reads a complete answer. @throws GatewayError when it is none or carries an error */
export function readOllamaAnswer(reading: OllamaReading, body: Buffer): readonly AnswerPart[] {
  const reader = new OllamaReader(reading)
  const parts = isLines(body) ? [...reader.feed(body), ...reader.finish()] : wholeAnswer(reader, body)
  const last = parts.at(-1)
  if (last?.type === 'error') throw last.error
  if (last?.type !== 'finish') throw invalidAnswer(reading.name, 'a complete answer of /api/chat', 'one without an end')
  return parts
}

/** Some proxies stream although they were asked not to; a pretty-printed object also has line ends. */
function isLines(body: Buffer): boolean {
  const [first = ''] = body.toString('utf8').trim().split('\n', 1)
  return parsed(first) !== undefined
}

function wholeAnswer(reader: OllamaReader, body: Buffer): readonly AnswerPart[] {
  reader.addLine(body.toString('utf8'))
  return reader.finish()
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function argumentText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value.trim() === '' ? '{}' : value
  return JSON.stringify(isJsonObject(value) ? value : {})
}

/** Tokens in our meaning; null where none are told. A cached prompt is counted as read, versions before 0.9 left it out. */
function usageOf(line: JsonObject): Usage | null {
  const inputTokens = count(line.prompt_eval_count)
  const outputTokens = count(line.eval_count)
  if (inputTokens === 0 && outputTokens === 0) return null
  return { inputTokens, cachedTokens: 0, cacheWriteTokens: 0, outputTokens, reasoningTokens: 0 }
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}
