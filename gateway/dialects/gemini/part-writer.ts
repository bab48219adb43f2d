import type { OpenedPart } from '../../model/answer-parts.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { OpaqueState, ReasoningPart } from '../../model/parts.ts'
import { writeSignature } from './signature-field.ts'

interface OpenPart {
  readonly part: OpenedPart
  text: string
}

/**
 * Turns answer parts into this dialect's parts. Text goes out as it comes; a function call only when it is whole, as its
 * arguments are an object here. State of reasoning waits for the next part that clients keep.
 */
export class GeminiPartWriter {
  readonly #open = new Map<number, OpenPart>()
  readonly #showThoughts: boolean
  #waiting: ReasoningPart[] = []

  /** @param showThoughts clients that did not ask for thoughts would take them for the answer */
  constructor(showThoughts: boolean) {
    this.#showThoughts = showThoughts
  }

  start(index: number, part: OpenedPart): void {
    this.#open.set(index, { part, text: '' })
  }

  delta(index: number, text: string): JsonObject[] {
    const open = this.#open.get(index)
    if (open === undefined || text === '') return []
    switch (open.part.type) {
      case 'reasoning':
        open.text += text
        return this.#showThoughts ? [{ text, thought: true }] : []
      case 'tool-call':
        open.text += text
        return []
      case 'text':
      case 'refusal':
        return [this.#signed({ text }, [])]
    }
  }

  end(index: number, opaque: readonly OpaqueState[] = []): JsonObject[] {
    const open = this.#open.get(index)
    if (open === undefined) return []
    this.#open.delete(index)
    const { part, text } = open
    if (part.type === 'tool-call') {
      const call = { id: part.id, name: part.name, args: readArguments(text) }
      return [this.#signed({ functionCall: call }, opaque)]
    }
    if (part.type === 'reasoning') {
      if (opaque.length > 0) this.#waiting.push({ type: 'reasoning', text, opaque })
      return []
    }
    return opaque.length === 0 ? [] : [this.#signed({ text: '' }, opaque)]
  }

  /** What no later part took along. */
  finish(): JsonObject[] {
    return this.#waiting.length === 0 ? [] : [this.#signed({ text: '' }, [])]
  }

  #signed(part: JsonObject, own: readonly OpaqueState[]): JsonObject {
    const signature = writeSignature({ reasoning: this.#waiting, own })
    this.#waiting = []
    return signature === undefined ? part : { ...part, thoughtSignature: signature }
  }
}

/** Arguments that are no object, as a cut answer leaves them, are wrapped and not repaired. */
function readArguments(text: string): JsonObject {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isJsonObject(value)) return value
    return value === null ? {} : { _raw: text }
  } catch {
    return { _raw: text }
  }
}
