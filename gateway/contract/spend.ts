import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

export const SpendGroupingSchema = Type.Union([
  Type.Literal('model'),
  Type.Literal('provider'),
  Type.Literal('router'),
  Type.Literal('tier'),
  Type.Literal('agent'),
  Type.Literal('key'),
  Type.Literal('session'),
  Type.Literal('day'),
  Type.Literal('hour'),
])

export type SpendGrouping = Static<typeof SpendGroupingSchema>

/** `GET /api/spend?by=&since=&until=&limit=`; without `by`, by model. */
export const SpendQuerySchema = Type.Object(
  {
    by: SpendGroupingSchema,
    /** ms since the epoch; absent = from the first request. */
    since: Type.Optional(Type.Integer({ minimum: 0 })),
    /** ms since the epoch, not included; absent = until now. */
    until: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Rows at most; default 1000. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  { additionalProperties: false },
)

export type SpendQuery = Static<typeof SpendQuerySchema>

export const SpendSumsSchema = Type.Object({
  requests: Type.Integer(),
  /** Total input, cached tokens included. */
  inputTokens: Type.Integer(),
  cachedTokens: Type.Integer(),
  /** Total output, reasoning included. */
  outputTokens: Type.Integer(),
  /** What real models cost, nano-USD. */
  billedNanoUsd: Type.Integer(),
  /** Pretend cost of the demo models, nano-USD: never part of billed. */
  demoNanoUsd: Type.Integer(),
  /** Answers whose cost is unknown, for want of a price or of reported tokens: in neither sum. */
  unknownPriced: Type.Integer(),
})

export type SpendSums = Static<typeof SpendSumsSchema>

export const SpendRowSchema = Type.Object({
  /**
   * What the row is about; null for requests that had none (no router, no session…). Days and hours are local time,
   * `2026-11-20` and `2026-11-20T14:00`; a key goes by its alias or else its id.
   */
  name: nullable(Type.String()),
  ...SpendSumsSchema.properties,
})

export type SpendRow = Static<typeof SpendRowSchema>

/** Days and hours newest first, everything else dearest first. `totals` covers all rows, shown or not. */
export const SpendReportSchema = Type.Object({
  by: SpendGroupingSchema,
  rows: Type.Array(SpendRowSchema),
  totals: SpendSumsSchema,
  /** True when there are more rows than the limit. */
  truncated: Type.Boolean(),
})

export type SpendReport = Static<typeof SpendReportSchema>
