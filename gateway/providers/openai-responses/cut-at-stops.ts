import type { AnswerPart } from '../../model/answer-parts.ts'

/**
 * Stop sequences for a wire that has none: text is held back as far as a stop could begin in it, and the answer ends at the
 * first stop found. Only text parts count; reasoning and tool arguments go through.
 */
export class StopCutter {
  readonly #stops: readonly string[]
  readonly #longest: number
  readonly #held = new Map<number, string>()
  readonly #open = new Set<number>()
  #over = false

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '')
    this.#longest = Math.max(0, ...this.#stops.map((stop) => stop.length))
  }

  cut(parts: readonly AnswerPart[]): readonly AnswerPart[] {
    return this.#longest === 0 ? parts : parts.flatMap((part) => this.#take(part))
  }

  #take(part: AnswerPart): AnswerPart[] {
    if (this.#over) return []
    if (part.type === 'part-start') {
      this.#open.add(part.index)
      if (part.part.type === 'text') this.#held.set(part.index, '')
    } else if (part.type === 'part-delta' && this.#held.has(part.index)) {
      return this.#text(part.index, (this.#held.get(part.index) ?? '') + part.text)
    } else if (part.type === 'part-end') {
      this.#open.delete(part.index)
      return [...this.#rest(part.index), part]
    }
    return [part]
  }

  #text(index: number, text: string): AnswerPart[] {
    const hit = this.#firstStop(text)
    if (hit !== undefined) {
      this.#over = true
      const ends = [...this.#open].map((open): AnswerPart => ({ type: 'part-end', index: open }))
      const finish: AnswerPart = { type: 'finish', reason: 'stop', raw: null, stopSequence: hit.stop }
      return [...delta(index, text.slice(0, hit.at)), ...ends, finish]
    }
    const keep = this.#possibleStop(text)
    this.#held.set(index, text.slice(text.length - keep))
    return delta(index, text.slice(0, text.length - keep))
  }

  /** The stop that is complete first, as a model that knows stops would meet it: no matter how the text was cut. */
  #firstStop(text: string): { at: number; stop: string } | undefined {
    const hits = this.#stops.map((stop) => ({ at: text.indexOf(stop), stop })).filter((hit) => hit.at !== -1)
    const endOf = (hit: { at: number; stop: string }): number => hit.at + hit.stop.length
    return hits.toSorted((left, right) => endOf(left) - endOf(right) || left.at - right.at)[0]
  }

  /** How many last characters could be the beginning of a stop. */
  #possibleStop(text: string): number {
    for (let length = Math.min(this.#longest - 1, text.length); length > 0; length -= 1) {
      const end = text.slice(text.length - length)
      if (this.#stops.some((stop) => stop.startsWith(end))) return length
    }
    return 0
  }

  #rest(index: number): AnswerPart[] {
    const held = this.#held.get(index) ?? ''
    this.#held.delete(index)
    return delta(index, held)
  }
}

function delta(index: number, text: string): AnswerPart[] {
  return text === '' ? [] : [{ type: 'part-delta', index, text }]
}
