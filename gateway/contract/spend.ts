import { type Static, Type } from 'typebox'
import { RequestViewSchema } from './requests.ts'
import { nullable } from './values.ts'

export const SpendGroupingSchema = Type.Union([
  Type.Literal('model'),
  Type.Literal('provider'),
  Type.Literal('router'),
  Type.Literal('tier'),
  Type.Literal('agent'),
  Type.Literal('key'),
  Type.Literal('session'),
  Type.Literal('tag'),
  Type.Literal('role'),
  Type.Literal('user'),
  Type.Literal('team'),
  Type.Literal('billing'),
  Type.Literal('day'),
  Type.Literal('hour'),
])

export type SpendGrouping = Static<typeof SpendGroupingSchema>

const text = () => Type.Optional(Type.String())

/** Only requests with exactly these values. `key` is a key's id or alias, or `master`. */
export const SpendFilterSchema = Type.Object({
  model: text(),
  provider: text(),
  router: text(),
  tier: text(),
  agent: text(),
  key: text(),
  session: text(),
  tag: text(),
  /** `role/oracle`, `category/quick`. */
  role: text(),
  user: text(),
  team: text(),
  billing: text(),
})

export type SpendFilter = Static<typeof SpendFilterSchema>

/** `GET /api/spend?by=&since=&until=&limit=&bucket=&model=…`; without `by`, by model. `format=csv` gives the rows as CSV. */
export const SpendQuerySchema = Type.Object(
  {
    by: SpendGroupingSchema,
    /** ms since the epoch; absent = from the first request. */
    since: Type.Optional(Type.Integer({ minimum: 0 })),
    /** ms since the epoch, not included; absent = until now. */
    until: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Rows at most; default 1000. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** Also gives `series`. */
    bucket: Type.Optional(Type.Union([Type.Literal('day'), Type.Literal('hour')])),
    ...SpendFilterSchema.properties,
  },
  { additionalProperties: false },
)

export type SpendQuery = Static<typeof SpendQuerySchema>

export const SpendSumsSchema = Type.Object({
  requests: Type.Integer(),
  /** Requests that ended in an error. */
  failures: Type.Integer(),
  /** Answered from the cache of answers. */
  cacheHits: Type.Integer(),
  /** Total input, cached and cache-written tokens included. */
  inputTokens: Type.Integer(),
  cachedTokens: Type.Integer(),
  cacheWriteTokens: Type.Integer(),
  /** Total output, reasoning included. */
  outputTokens: Type.Integer(),
  reasoningTokens: Type.Integer(),
  /** What was paid per token, nano-USD. */
  billedNanoUsd: Type.Integer(),
  /** What subscriptions and local models would have cost per token, nano-USD: never part of billed. */
  flatRateNanoUsd: Type.Integer(),
  localNanoUsd: Type.Integer(),
  /** Pretend cost of the demo models, nano-USD: never part of billed. */
  demoNanoUsd: Type.Integer(),
  /** Answers whose cost is unknown, for want of a price or of reported tokens: in no sum. */
  unknownPriced: Type.Integer(),
  /** What the routers' top tiers would have cost more, nano-USD, over `savingsRequests` answers. */
  savingsNanoUsd: Type.Integer(),
  savingsRequests: Type.Integer(),
  /** Routed answers where a price is unknown: in no sum. */
  savingsUnknown: Type.Integer(),
  /**
   * What was probably paid beyond `billed`, nano-USD: answers that were cut or came without usage, losers of hedges, first
   * parts of resumed streams. Counted, not reported; budgets count it, and it is in no other sum.
   */
  estimatedNanoUsd: Type.Integer(),
})

export type SpendSums = Static<typeof SpendSumsSchema>

export const SpendRowSchema = Type.Object({
  /**
   * What the row is about; null for requests that had none (no router, no session…). Days and hours are local time,
   * `2026-11-20` and `2026-11-20T14:00`; a key goes by its alias or else its id. A request with two tags is in two rows.
   */
  name: nullable(Type.String()),
  ...SpendSumsSchema.properties,
})

export type SpendRow = Static<typeof SpendRowSchema>

/** The sums of one name in one day or hour, for stacked charts. Only names that are among the rows, oldest first. */
export const SpendPointSchema = Type.Object({ at: Type.String(), ...SpendRowSchema.properties })

/** Days and hours newest first, everything else dearest first. `totals` covers all rows, shown or not. */
export const SpendReportSchema = Type.Object({
  by: SpendGroupingSchema,
  rows: Type.Array(SpendRowSchema),
  totals: SpendSumsSchema,
  /** True when there are more rows than the limit. */
  truncated: Type.Boolean(),
  series: Type.Optional(Type.Array(SpendPointSchema)),
  /** How the savings are computed, for people. */
  savingsFormula: Type.String(),
  /** What a reader must know of these sums: deleted rows, history that was priced anew. */
  notes: Type.Array(Type.String()),
})

export type SpendReport = Static<typeof SpendReportSchema>

/** `GET /api/sessions/:id`: what one session of an agent cost, turn by turn, oldest first. */
export const SessionViewSchema = Type.Object({
  session: Type.String(),
  totals: SpendSumsSchema,
  turns: Type.Array(
    Type.Object({
      request: RequestViewSchema,
      /** Billed so far, this turn included, nano-USD. */
      billedSoFarNanoUsd: Type.Integer(),
      savingsNanoUsd: nullable(Type.Integer()),
    }),
  ),
  /** True when there are more turns than are shown. */
  truncated: Type.Boolean(),
})

export type SessionView = Static<typeof SessionViewSchema>

/** `POST /api/spend/reprice`. */
export const RepriceRequestSchema = Type.Object(
  {
    /** ms since the epoch; absent = from the first request. */
    since: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Counts what would change, and changes nothing. */
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export type RepriceRequest = Static<typeof RepriceRequestSchema>

/** What pricing history anew did, or would do. */
export const RepricingSchema = Type.Object({
  dryRun: Type.Boolean(),
  rows: Type.Integer(),
  changed: Type.Integer(),
  unknownBefore: Type.Integer(),
  unknownAfter: Type.Integer(),
  billedBeforeNanoUsd: Type.Integer(),
  billedAfterNanoUsd: Type.Integer(),
})

export type Repricing = Static<typeof RepricingSchema>
