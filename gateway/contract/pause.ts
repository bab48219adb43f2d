import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

/**
 * `POST /api/pause`, `POST /api/resume`, body `{}`: LLM routes answer 503 `paused` while it is paused, but
 * for lists of models; what runs goes on.
 * Kept over a restart. Doing it twice is no error.
 */
export const PauseViewSchema = Type.Object({
  paused: Type.Boolean(),
  /** ms since the epoch; null when it is not paused. */
  since: nullable(Type.Number()),
})

export type PauseView = Static<typeof PauseViewSchema>
