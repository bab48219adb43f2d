import type { Outcome, RowValues } from './write-rows.ts'

/** What the write thread is started with. */
export interface WriteWorkerData {
  readonly databasePath: string
  /** The pages at which this connection makes a checkpoint itself, as the main one. */
  readonly autoCheckpointPages: number
}

/** To the thread: a group of rows, or the wish that it ends. */
export type WriteCall = readonly RowValues[] | 'close'

/** From the thread: `ready` once, then for each group what became of its rows, in order. */
export type WriteAnswer = 'ready' | readonly PlainOutcome[]

/** An outcome that a message can carry: errors lose their class and `code` on the way. */
export type PlainOutcome = Exclude<Outcome, Error> | { readonly message: string; readonly code: unknown }
