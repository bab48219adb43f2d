import { type Static, Type } from 'typebox'
import { BoundariesSchema } from './routers.ts'
import { nullable, TierSchema } from './values.ts'

/** Weights by dimension, all seven of them. */
export const WeightsSchema = Type.Object({
  tokenCount: Type.Number(),
  codePresence: Type.Number(),
  reasoningMarkers: Type.Number(),
  technicalTerms: Type.Number(),
  simpleIndicators: Type.Number(),
  multiStepPatterns: Type.Number(),
  questionComplexity: Type.Number(),
})

/** `GET /api/routers/:name/settings`: what an editor of a router starts from. 404 `not_found`. The control token only. */
export const RouterSettingsSchema = Type.Object({
  /** Of the config file; edits of it name this one (`POST /api/config/edits`). */
  revision: Type.String(),
  /** Where the router's block of settings stands in the file; null when it cannot be edited. */
  place: nullable(Type.Array(Type.Union([Type.String(), Type.Integer({ minimum: 0 })]))),
  /** Why not, as a sentence. */
  problem: nullable(Type.String()),
  /** The block as the file has it; what is left out there holds by default. */
  written: Type.Record(Type.String(), Type.Unknown()),
  /** What holds now, complete. */
  weights: WeightsSchema,
  boundaries: BoundariesSchema,
  /** Estimated tokens: below `simple` a prompt counts as short, above `complex` as long. */
  tokenThresholds: Type.Object({ simple: Type.Number(), complex: Type.Number() }),
  /** The score that two reasoning markers need as well; null = none. */
  reasoningOverrideMinScore: nullable(Type.Number()),
  /** For a prompt in which no dimension fired; null = by score. */
  noSignalTier: nullable(TierSchema),
  /** Answers where there is no text to score; null = that of the first tier that has one, MEDIUM first. */
  defaultModel: nullable(Type.String()),
  textScope: Type.Union([Type.Literal('user'), Type.Literal('system_and_user')]),
})

export type RouterSettings = Static<typeof RouterSettingsSchema>
