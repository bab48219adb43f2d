import type { AnswerPart } from '../../model/answer-parts.ts'
import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import { SseReader } from '../../upstream/sse-reader.ts'
import type { AnswerReader } from '../provider.ts'
import { AnswerBuilder, type AnswerBuilderOptions } from './answer-builder.ts'

/** Largest answer that is kept whole when an upstream sends no events. */
const maxWholeBytes = 32 * 1024 * 1024

/**
 * Reads a streamed answer: server-sent events, each a whole response object with new parts only. An upstream that ignored
 * `alt=sse` and sends a JSON list or object is read at its end.
 */
export class GeminiReader implements AnswerReader {
  readonly #options: AnswerBuilderOptions
  readonly #builder: AnswerBuilder
  readonly #events = new SseReader()
  #form: 'unknown' | 'events' | 'json' = 'unknown'
  readonly #whole: Buffer[] = []
  #wholeBytes = 0

  constructor(options: AnswerBuilderOptions) {
    this.#options = options
    this.#builder = new AnswerBuilder(options)
  }

  feed(chunk: Buffer): readonly AnswerPart[] {
    if (this.#builder.over) return []
    if (this.#form === 'unknown') this.#form = formOf(chunk)
    try {
      if (this.#form === 'json') this.#keep(chunk)
      else for (const event of this.#events.feed(chunk)) this.#addText(event.data)
    } catch {
      return [...this.#builder.take(), this.#tooLarge()]
    }
    return this.#builder.take()
  }

  finish(): readonly AnswerPart[] {
    if (this.#builder.over) return []
    if (this.#form === 'json')
      for (const chunk of wholeChunks(Buffer.concat(this.#whole))) this.#builder.addChunk(chunk)
    else for (const event of this.#events.finish()) this.#addText(event.data)
    this.#builder.end()
    return this.#builder.take()
  }

  /** A line that is no JSON object carries nothing; `[DONE]`, which some proxies add, is one of them. */
  #addText(data: string): void {
    const chunk = parsedObject(data)
    if (chunk !== undefined) this.#builder.addChunk(chunk)
  }

  #keep(chunk: Buffer): void {
    this.#wholeBytes += chunk.length
    if (this.#wholeBytes > maxWholeBytes) throw new RangeError('the answer exceeds 32 MiB')
    this.#whole.push(chunk)
  }

  #tooLarge(): AnswerPart {
    const { provider } = this.#options.name
    return {
      type: 'error',
      error: new GatewayError('upstream_invalid_answer', `${provider} sent a stream event larger than 32 MiB.`),
    }
  }
}

/**
 * Reads a complete answer, also one that came as a list of chunks.
 * @throws GatewayError `upstream_invalid_answer` for what is none, and the matching error for an error object
 */
export function readGeminiAnswer(options: AnswerBuilderOptions, body: Buffer): readonly AnswerPart[] {
  const chunks = wholeChunks(body)
  const { provider, upstreamModel } = options.name
  if (chunks.length === 0) {
    throw new GatewayError(
      'upstream_invalid_answer',
      `${provider} (model ${upstreamModel}) sent something else where a generateContent answer was expected. Check api_base.`,
    )
  }
  const builder = new AnswerBuilder(options)
  for (const chunk of chunks) builder.addChunk(chunk)
  builder.end()
  const parts = builder.take()
  const last = parts.at(-1)
  if (last?.type === 'error') throw last.error
  if (last?.type !== 'finish') {
    throw new GatewayError(
      'upstream_invalid_answer',
      `${provider} (model ${upstreamModel}) sent an answer without a finish reason. Send the request again.`,
    )
  }
  return parts
}

/** The chunks of a JSON body: one object, or a list of them. Empty when it is neither. */
export function wholeChunks(body: Buffer): JsonObject[] {
  try {
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''))
    if (isJsonObject(value)) return [value]
    return Array.isArray(value) ? value.filter((entry) => isJsonObject(entry)) : []
  } catch {
    return []
  }
}

function formOf(chunk: Buffer): 'unknown' | 'events' | 'json' {
  const first = chunk
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .charAt(0)
  if (first === '') return 'unknown'
  return first === '[' || first === '{' ? 'json' : 'events'
}

function parsedObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
