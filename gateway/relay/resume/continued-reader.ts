import type { AnswerPart } from '../../model/answer-parts.ts'
import type { AnswerReader } from '../../providers/provider.ts'
import type { ResumePoint } from './resume-point.ts'

/** Reads an answer that goes on from another one: see ContinuedParts. */
export class ContinuedReader implements AnswerReader {
  readonly #reader: AnswerReader
  readonly #parts: ContinuedParts

  constructor(reader: AnswerReader, point: ResumePoint) {
    this.#reader = reader
    this.#parts = new ContinuedParts(point)
  }

  feed(chunk: Buffer): readonly AnswerPart[] {
    return this.#parts.take(this.#reader.feed(chunk))
  }

  finish(): readonly AnswerPart[] {
    return this.#parts.take(this.#reader.finish())
  }
}

/**
 * Makes the parts of a second answer the rest of the first one: no second start, its first text goes on in the part that
 * was open, other parts get indexes of their own. How it thought about going on is not shown. Nothing is given before its
 * first output, so that a second answer that fails before it leaves no trace.
 */
export class ContinuedParts {
  readonly #openIndex: number | undefined
  readonly #hasText: boolean
  readonly #indexes = new Map<number, number>()
  readonly #dropped = new Set<number>()
  #nextIndex: number
  #open: boolean
  #held: AnswerPart[] | undefined = []

  constructor({ text, openIndex, nextIndex }: ResumePoint) {
    this.#hasText = text !== ''
    this.#openIndex = openIndex
    this.#nextIndex = nextIndex
    this.#open = openIndex !== undefined
  }

  take(parts: readonly AnswerPart[]): readonly AnswerPart[] {
    const adjusted = parts.flatMap((part) => this.#adjust(part))
    if (this.#held === undefined) return adjusted
    const failure = adjusted.find((part) => part.type === 'error')
    if (failure !== undefined) return [failure]
    this.#held.push(...adjusted)
    if (!adjusted.some(isOutput)) return []
    const held = this.#held
    this.#held = undefined
    return held
  }

  #adjust(part: AnswerPart): readonly AnswerPart[] {
    switch (part.type) {
      case 'start':
        return []
      case 'part-start':
        return this.#begin(part)
      case 'part-delta':
      case 'part-end':
        return this.#within(part)
      case 'finish':
        return [...this.#closeOpen(), part]
      default:
        return [part]
    }
  }

  #begin({ index, part }: Extract<AnswerPart, { type: 'part-start' }>): readonly AnswerPart[] {
    if (part.type === 'reasoning' && this.#hasText) {
      this.#dropped.add(index)
      return []
    }
    if (part.type === 'text' && this.#open && this.#openIndex !== undefined) {
      this.#open = false
      this.#indexes.set(index, this.#openIndex)
      return []
    }
    const own = this.#nextIndex
    this.#nextIndex += 1
    this.#indexes.set(index, own)
    return [...this.#closeOpen(), { type: 'part-start', index: own, part }]
  }

  #within(part: Extract<AnswerPart, { type: 'part-delta' | 'part-end' }>): readonly AnswerPart[] {
    if (this.#dropped.has(part.index)) return []
    const index = this.#indexes.get(part.index)
    return index === undefined ? [] : [{ ...part, index }]
  }

  /** The first answer's text, where the second one does not go on with it. */
  #closeOpen(): readonly AnswerPart[] {
    if (!this.#open || this.#openIndex === undefined) return []
    this.#open = false
    return [{ type: 'part-end', index: this.#openIndex }]
  }
}

function isOutput(part: AnswerPart): boolean {
  if (part.type === 'part-start') return part.part.type === 'tool-call'
  return part.type === 'part-delta' || part.type === 'finish'
}
