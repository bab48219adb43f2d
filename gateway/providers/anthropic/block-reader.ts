import type { AnswerPart, OpenedPart } from '../../model/answer-parts.ts'
import { unwrapCustomInput } from '../../model/custom-tool-input.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueState } from '../../model/parts.ts'
import { type AnswerContext, openToolCall } from './answer-context.ts'

interface OpenBlock {
  readonly index: number
  readonly part: OpenedPart
  /** Arguments of a call in the start event: they count only where no delta follows. */
  readonly wholeInput: JsonValue | undefined
  /** Everything said so far: thinking must go back byte for byte, a freeform input is only known at its end. */
  text: string
  signature: string
  readonly redacted: string | undefined
}

/** Reads content blocks, whole or as start, deltas and stop, to parts. One for each answer. */
export class BlockReader {
  readonly #context: AnswerContext
  readonly #open = new Map<JsonValue | undefined, OpenBlock>()
  readonly #ids = new Set<string>()
  #parts = 0
  #toldCitations = false
  /** Calls opened so far. */
  calls = 0

  constructor(context: AnswerContext) {
    this.#context = context
  }

  start(wireIndex: JsonValue | undefined, block: JsonObject): AnswerPart[] {
    const part = this.#partOf(block)
    if (part === undefined) {
      return [{ type: 'warning', text: `dropped a block of type ${textOf(block.type).slice(0, 80)} from the answer` }]
    }
    const given: AnswerPart[] = this.#open.has(wireIndex) ? this.stop(wireIndex) : []
    const open: OpenBlock = {
      index: this.#parts,
      part,
      wholeInput: block.input,
      text: '',
      signature: typeof block.signature === 'string' ? block.signature : '',
      redacted: block.type === 'redacted_thinking' && typeof block.data === 'string' ? block.data : undefined,
    }
    this.#parts += 1
    this.#open.set(wireIndex, open)
    given.push({ type: 'part-start', index: open.index, part })
    const said = block.type === 'thinking' ? block.thinking : block.text
    if (typeof said === 'string') given.push(...this.#say(open, said))
    return given
  }

  delta(wireIndex: JsonValue | undefined, delta: JsonObject): AnswerPart[] {
    const open = this.#open.get(wireIndex)
    if (open === undefined) return []
    switch (delta.type) {
      case 'text_delta':
        return this.#say(open, delta.text)
      case 'thinking_delta':
        return this.#say(open, delta.thinking)
      case 'input_json_delta':
        return this.#say(open, delta.partial_json)
      case 'signature_delta':
        if (typeof delta.signature === 'string') open.signature += delta.signature
        return []
      case 'citations_delta':
        return this.#tellCitations()
      default:
        return []
    }
  }

  stop(wireIndex: JsonValue | undefined): AnswerPart[] {
    const open = this.#open.get(wireIndex)
    if (open === undefined) return []
    this.#open.delete(wireIndex)
    const opaque = this.#opaqueOf(open)
    const end: AnswerPart = { type: 'part-end', index: open.index, ...(opaque.length === 0 ? {} : { opaque }) }
    return [...this.#lastText(open), end]
  }

  /** Ends every block that the upstream left open. */
  stopAll(): AnswerPart[] {
    return [...this.#open.keys()].flatMap((wireIndex) => this.stop(wireIndex))
  }

  #partOf(block: JsonObject): OpenedPart | undefined {
    switch (block.type) {
      case 'text':
        return { type: 'text' }
      case 'thinking':
      case 'redacted_thinking':
        return { type: 'reasoning' }
      case 'tool_use':
        return this.#openCall(block)
      default:
        return undefined
    }
  }

  /** Some servers give every call of an answer the same id, or none. */
  #openCall(block: JsonObject): OpenedPart {
    this.calls += 1
    const id = textOf(block.id) || `call_${this.calls}`
    const part = openToolCall(this.#context, id, textOf(block.name), this.#ids)
    this.#ids.add(part.id)
    return part
  }

  #say(open: OpenBlock, text: JsonValue | undefined): AnswerPart[] {
    if (typeof text !== 'string' || text === '') return []
    const isCustom = open.part.type === 'tool-call' && open.part.kind === 'custom'
    if (open.part.type !== 'text') open.text += text
    return isCustom ? [] : [{ type: 'part-delta', index: open.index, text }]
  }

  /** What can only be said at the end: arguments that came with the start or not at all, and a freeform input. */
  #lastText(open: OpenBlock): AnswerPart[] {
    if (open.part.type !== 'tool-call') return []
    const whole = isJsonObject(open.wholeInput) ? JSON.stringify(open.wholeInput) : '{}'
    const said = open.text === '' ? whole : open.text
    if (open.part.kind === 'custom') return deltaOf(open.index, unwrapCustomInput(said))
    return open.text === '' ? deltaOf(open.index, said) : []
  }

  #opaqueOf(open: OpenBlock): readonly OpaqueState[] {
    const { scope } = this.#context
    if (open.redacted !== undefined) return [{ scope, kind: 'redacted_thinking', data: open.redacted }]
    if (open.part.type !== 'reasoning' || open.signature === '') return []
    // The text goes with its signature: it is checked byte for byte, and clients carry only part of it.
    return [{ scope, kind: 'signature', data: { thinking: open.text, signature: open.signature } }]
  }

  #tellCitations(): AnswerPart[] {
    if (this.#toldCitations) return []
    this.#toldCitations = true
    return [{ type: 'warning', text: 'dropped citations from the answer' }]
  }
}

function deltaOf(index: number, text: string): AnswerPart[] {
  return text === '' ? [] : [{ type: 'part-delta', index, text }]
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
