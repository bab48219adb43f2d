import { randomUUID } from 'node:crypto'
import type { AnswerPart, OpenedPart } from '../../model/answer-parts.ts'
import { unwrapCustomInput } from '../../model/custom-tool-input.ts'
import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { OpaqueScope, OpaqueState } from '../../model/parts.ts'
import { clientToolId, mapToolId } from '../../model/tool-ids.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import { errorObjectIn, readGeminiErrorObject } from './failure.ts'
import { meaningOf } from './finish-reason.ts'
import type { GeminiToolNames } from './tool-names.ts'
import { readGeminiUsage } from './usage.ts'
import { signatureKind } from './write-parts.ts'

export interface AnswerBuilderOptions {
  readonly name: UpstreamName
  readonly names: GeminiToolNames
  readonly scope: OpaqueScope
}

interface OpenPart {
  readonly index: number
  readonly type: OpenedPart['type']
  opaque: readonly OpaqueState[]
}

/**
 * Turns the chunks of one answer into answer parts. One part is open at a time: this API sends parts whole or, for text,
 * piece by piece. The end is told at the end of the bytes, as a finish reason may be followed by more.
 */
export class AnswerBuilder {
  readonly #options: AnswerBuilderOptions
  readonly #out: AnswerPart[] = []
  readonly #takenIds = new Set<string>()
  readonly #warned = new Set<string>()
  #started = false
  #seed = ''
  #parts = 0
  #calls = 0
  #open: OpenPart | undefined
  #finishWord: string | undefined
  #blockWord: string | undefined
  #over = false

  constructor(options: AnswerBuilderOptions) {
    this.#options = options
  }

  /** True after an error: nothing counts any longer. */
  get over(): boolean {
    return this.#over
  }

  /** Gives what was built since the last time. */
  take(): AnswerPart[] {
    return this.#out.splice(0)
  }

  addChunk(chunk: JsonObject): void {
    if (this.#over) return
    const error = errorObjectIn(chunk)
    if (error !== undefined) return this.#fail(readGeminiErrorObject(this.#options.name, error))
    this.#start(chunk)
    const candidate = firstCandidate(chunk)
    const content = candidate?.content
    const parts = isJsonObject(content) && Array.isArray(content.parts) ? content.parts : []
    for (const part of parts) if (isJsonObject(part)) this.#addPart(part)
    if (candidate !== undefined) this.#noteCitations(candidate)
    const usage = readGeminiUsage(chunk)
    if (usage !== null) this.#out.push({ type: 'usage', usage })
    const word = candidate?.finishReason
    if (typeof word === 'string' && word !== '' && word !== 'FINISH_REASON_UNSPECIFIED') this.#noteFinish(word)
    const feedback = chunk.promptFeedback
    if (isJsonObject(feedback) && typeof feedback.blockReason === 'string') this.#blockWord = feedback.blockReason
  }

  /** At the end of the bytes: the finish, an error for an empty answer, or nothing for one that was cut. */
  end(): void {
    if (this.#over) return
    if (this.#finishWord === undefined) {
      if (this.#blockWord !== undefined) this.#finish('filtered', this.#blockWord)
      return
    }
    const meaning = meaningOf(this.#finishWord)
    if (meaning.kind === 'end') this.#finish(meaning.reason, this.#finishWord)
    else if (this.#parts === 0) this.#fail(this.#invalid(`an empty answer (${this.#finishWord})`))
    else this.#finish(this.#calls > 0 ? 'tools' : 'stop', this.#finishWord)
  }

  #start(chunk: JsonObject): void {
    if (this.#started) return
    this.#started = true
    const id = typeof chunk.responseId === 'string' && chunk.responseId !== '' ? chunk.responseId : undefined
    const model = typeof chunk.modelVersion === 'string' ? chunk.modelVersion : undefined
    this.#seed = id ?? randomUUID()
    this.#out.push({ type: 'start', id, model })
  }

  #addPart(part: JsonObject): void {
    const signature = typeof part.thoughtSignature === 'string' ? this.#state(part.thoughtSignature) : undefined
    if (isJsonObject(part.functionCall)) this.#addCall(part.functionCall, signature)
    else if (typeof part.text === 'string') this.#addText(part.text, part.thought === true, signature)
    else if (signature !== undefined) this.#addText('', false, signature)
    else this.#noteOther(part)
  }

  /** A signature may come on an empty part at the end: it belongs to what came before. */
  #addText(text: string, isThought: boolean, signature: OpaqueState | undefined): void {
    const type = isThought ? 'reasoning' : 'text'
    if (text !== '') {
      if (this.#open?.type !== type) this.#openPart({ type })
      this.#out.push({ type: 'part-delta', index: this.#open?.index ?? 0, text })
    } else if (signature !== undefined && this.#open === undefined) this.#openPart({ type: 'reasoning' })
    if (signature !== undefined && this.#open !== undefined) this.#sign(this.#open, signature)
  }

  #addCall(call: JsonObject, signature: OpaqueState | undefined): void {
    const wireName = typeof call.name === 'string' ? call.name : ''
    const isCustom = this.#options.names.isCustom(wireName)
    const id = this.#callId(call, wireName)
    this.#openPart({
      type: 'tool-call',
      id,
      ...this.#options.names.fromWire(wireName),
      kind: isCustom ? 'custom' : 'function',
    })
    const written = JSON.stringify(isJsonObject(call.args) ? call.args : {})
    const text = isCustom ? unwrapCustomInput(written) : written
    if (text !== '') this.#out.push({ type: 'part-delta', index: this.#open?.index ?? 0, text })
    if (signature !== undefined && this.#open !== undefined) this.#sign(this.#open, signature)
  }

  /** A call keeps its own signature; of a text that grows, the last one counts. */
  #sign(part: OpenPart, signature: OpaqueState): void {
    if (part.type !== 'tool-call' || part.opaque.length === 0) part.opaque = [signature]
  }

  /** The upstream's id where it gives one; else one made of the answer's id and the call's place, the same in every reading. */
  #callId(call: JsonObject, wireName: string): string {
    const given = typeof call.id === 'string' && call.id !== '' ? call.id : `${this.#seed}:${this.#calls}:${wireName}`
    const id = mapToolId(given, clientToolId, this.#takenIds)
    this.#takenIds.add(id)
    this.#calls += 1
    return id
  }

  #openPart(part: OpenedPart): void {
    this.#closePart()
    this.#open = { index: this.#parts, type: part.type, opaque: [] }
    this.#parts += 1
    this.#out.push({ type: 'part-start', index: this.#open.index, part })
  }

  #closePart(): void {
    if (this.#open === undefined) return
    const { index, opaque } = this.#open
    this.#out.push(opaque.length === 0 ? { type: 'part-end', index } : { type: 'part-end', index, opaque })
    this.#open = undefined
  }

  #state(signature: string): OpaqueState {
    return { scope: this.#options.scope, kind: signatureKind, data: signature }
  }

  #noteFinish(word: string): void {
    if (meaningOf(word).kind === 'failure') this.#fail(this.#invalid(`a broken answer (${word})`))
    else this.#finishWord = word
  }

  #noteOther(part: JsonObject): void {
    const kind = Object.keys(part).find((key) => key !== 'thought') ?? 'empty'
    if (kind !== 'empty') this.#warn(`dropped a part of the answer: ${kind.slice(0, 40)}`)
  }

  #noteCitations(candidate: JsonObject): void {
    for (const key of ['citationMetadata', 'groundingMetadata']) {
      const value = candidate[key]
      if (isJsonObject(value) && Object.keys(value).length > 0) this.#warn(`dropped ${key} of the answer`)
    }
  }

  #warn(text: string): void {
    if (this.#warned.has(text)) return
    this.#warned.add(text)
    this.#out.push({ type: 'warning', text })
  }

  #finish(reason: Extract<AnswerPart, { type: 'finish' }>['reason'], raw: string): void {
    this.#closePart()
    this.#over = true
    this.#out.push({ type: 'finish', reason, raw })
  }

  #fail(error: GatewayError): void {
    this.#over = true
    this.#out.push({ type: 'error', error })
  }

  #invalid(seen: string): GatewayError {
    const { provider, upstreamModel } = this.#options.name
    return new GatewayError(
      'upstream_invalid_answer',
      `${provider} (model ${upstreamModel}) sent ${seen}. Send the request again.`,
    )
  }
}

function firstCandidate(chunk: JsonObject): JsonObject | undefined {
  const first = Array.isArray(chunk.candidates) ? chunk.candidates[0] : undefined
  return isJsonObject(first) ? first : undefined
}
