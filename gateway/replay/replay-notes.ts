import type { EditedWords } from './edited-words.ts'
import type { ReadRows } from './replay-rows.ts'
import type { ReplayTask } from './replay-task.ts'

export interface NoteSources {
  readonly task: ReplayTask
  readonly words: EditedWords
  readonly rows: ReadRows
  /** From when on no row was deleted, in ms since the epoch. */
  readonly keptFrom: number
}

/** What a reader of the figures must know, a sentence each. */
export function notesOf({ task, words, rows, keptFrom }: NoteSources): string[] {
  const { saved, edited, since, mostRequests } = task
  const notes: string[] = []
  if (rows.sampled) {
    notes.push(
      `There are more than ${mostRequests} requests: an even sample of them was decided again, and every figure is the sample's.`,
    )
  }
  if (words.grown.length > 0) {
    notes.push(
      `Added ${words.grown.join(', ')} words are not part of this: prompts are not kept, only the listed words that fired.`,
    )
  }
  if (saved.complexity.textScope !== edited.complexity.textScope) {
    notes.push('Which text is read (text_scope) is not part of this: prompts are not kept.')
  }
  if (keptFrom > since) {
    notes.push('Older rows were deleted (signalbox.retention): only part of this time is left.')
  }
  return notes
}
