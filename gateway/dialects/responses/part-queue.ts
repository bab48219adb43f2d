import type { AnswerPart, OpenedPart } from '../../model/answer-parts.ts'
import type { OpaqueState } from '../../model/parts.ts'
import type { TextNotes } from '../../model/text-notes.ts'

/** A part on its way out: everything that came for it and was not written yet. */
export interface QueuedPart {
  readonly part: OpenedPart
  pending: string
  ended: boolean
  opaque: readonly OpaqueState[]
  notes: TextNotes
}

/**
 * Puts parts that arrive side by side one after the other: the first open one is live, what comes for the others waits
 * until it has ended.
 */
export class PartQueue {
  readonly #byIndex = new Map<number, QueuedPart>()
  readonly #order: QueuedPart[] = []

  take(entry: AnswerPart): void {
    if (entry.type === 'part-start') {
      const queued = { part: entry.part, pending: '', ended: false, opaque: [], notes: {} }
      this.#byIndex.set(entry.index, queued)
      this.#order.push(queued)
    } else if (entry.type === 'part-delta') {
      const queued = this.#byIndex.get(entry.index)
      if (queued !== undefined) queued.pending += entry.text
    } else if (entry.type === 'part-end') {
      const queued = this.#byIndex.get(entry.index)
      if (queued === undefined) return
      queued.ended = true
      queued.opaque = entry.opaque ?? []
      queued.notes = entry.notes ?? {}
    }
  }

  /** The part whose turn it is. */
  get live(): QueuedPart | undefined {
    return this.#order[0]
  }

  /** Whether another part waits behind the live one. */
  get hasNext(): boolean {
    return this.#order.length > 1
  }

  shift(): void {
    this.#order.shift()
  }
}
