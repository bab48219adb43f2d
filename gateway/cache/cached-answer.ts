import type { AnswerRow } from '../store/answer-repository.ts'
import type { Usage } from '../model/usage.ts'

/** One answer as a client got it, and who gave it. */
export interface CachedAnswer {
  /** ms since the epoch. */
  readonly storedAt: number
  readonly contentType: string
  /** All bytes of the body, the terminal event of a stream included. */
  readonly body: Buffer
  readonly usage: Usage | null
  readonly deploymentId: string
  /** Of an embeddings answer: its model, and where in the body the vectors belong, which are kept each by itself. */
  readonly model?: string
  readonly cuts?: readonly number[]
}

type Facts = Omit<CachedAnswer, 'storedAt' | 'body'>

/** Larger answers are not kept: a point read of them would hold up the event loop. */
export const largestAnswerBytes = 4 * 1024 * 1024

/** As it is kept. `ttlMs`: for how long. */
export function toRow(key: string, answer: CachedAnswer, ttlMs: number): AnswerRow {
  const { storedAt, body, ...facts } = answer
  return { key, storedAt, expiresAt: storedAt + ttlMs, facts: JSON.stringify(facts), body }
}

/** As it was. Rows are written by `toRow` only. */
export function fromRow({ storedAt, facts, body }: AnswerRow): CachedAnswer {
  return { storedAt, body, ...(JSON.parse(facts) as Facts) }
}
