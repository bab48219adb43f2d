import { type Static, Type } from 'typebox'
import { nullable, PriceSourceSchema, TierSchema } from './values.ts'

export const UsageViewSchema = Type.Object({
  inputTokens: Type.Integer(),
  cachedTokens: Type.Integer(),
  cacheWriteTokens: Type.Integer(),
  outputTokens: Type.Integer(),
  reasoningTokens: Type.Integer(),
})

export const AttemptViewSchema = Type.Object({
  deploymentId: Type.String(),
  model: Type.String(),
  status: nullable(Type.Integer()),
  outcome: Type.String(),
  startedMs: Type.Number(),
  durationMs: Type.Number(),
  /** Why it was made or given up, in a few words. */
  reason: Type.Optional(Type.String()),
  /** What it cost by itself where it did not give the whole answer; an estimate where the upstream reported nothing. */
  costNanoUsd: Type.Optional(Type.Integer()),
  estimated: Type.Optional(Type.Boolean()),
  /** Characters of the answer that the client had when this attempt went on from there. */
  seam: Type.Optional(Type.Integer()),
})

/** One request as the interface shows it, from its first event to its row in the ledger. */
export const RequestViewSchema = Type.Object({
  id: Type.String(),
  phase: Type.Union([Type.Literal('running'), Type.Literal('finished')]),
  startedAt: Type.Number(),
  askedModel: Type.String(),
  /** The role or category that was asked for (`role/oracle`). */
  role: Type.Optional(nullable(Type.String())),
  /** `title`: the agent wants a title for the conversation; null = the work itself. */
  purpose: Type.Optional(nullable(Type.Literal('title'))),
  /** The model name that answers; null until one was chosen. */
  model: nullable(Type.String()),
  provider: nullable(Type.String()),
  router: nullable(Type.String()),
  tier: nullable(TierSchema),
  score: nullable(Type.Number()),
  reason: nullable(Type.String()),
  agent: nullable(Type.String()),
  session: nullable(Type.String()),
  keyAlias: nullable(Type.String()),
  stream: Type.Boolean(),
  status: nullable(Type.Integer()),
  errorCode: nullable(Type.String()),
  usage: nullable(UsageViewSchema),
  costNanoUsd: nullable(Type.Integer()),
  /** What it has probably cost beyond that, where tokens were not reported; budgets count it. Absent = 0. */
  estimatedNanoUsd: Type.Optional(Type.Integer()),
  priceSource: nullable(PriceSourceSchema),
  firstTokenMs: nullable(Type.Number()),
  totalMs: nullable(Type.Number()),
  attempts: Type.Array(AttemptViewSchema),
  warnings: Type.Array(Type.String()),
  /** What was decided and what came of it, in one sentence; null while it runs. */
  explanation: nullable(Type.String()),
})

export type RequestView = Static<typeof RequestViewSchema>

const filterText = () => Type.Optional(Type.String({ maxLength: 300 }))

/**
 * `GET /api/requests?…`: newest first. Filters are exact but for `text`, which is looked for in model, asked model, agent,
 * error code and call id, in any case. Searches look at the newest 200,000 rows at most.
 */
export const RequestQuerySchema = Type.Object(
  {
    /** Default 100. */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    /** The `next` of the page before. */
    cursor: filterText(),
    /** A startedAt: only older ones. */
    before: Type.Optional(Type.Integer({ minimum: 0 })),
    /** ms since the epoch: from, and up to but not including. */
    since: Type.Optional(Type.Integer({ minimum: 0 })),
    until: Type.Optional(Type.Integer({ minimum: 0 })),
    model: filterText(),
    /** A tier, or `DIRECT` for requests without a router. */
    tier: filterText(),
    router: filterText(),
    agent: filterText(),
    /** A key's id or alias, or `master`. */
    key: filterText(),
    /** `ok`, `failed`, or a status such as 429. */
    status: filterText(),
    text: filterText(),
  },
  { additionalProperties: false },
)

export type RequestQuery = Static<typeof RequestQuerySchema>

export const RequestListSchema = Type.Object({
  requests: Type.Array(RequestViewSchema),
  /** The cursor of the next page; null = this was the last. */
  next: Type.Optional(nullable(Type.String())),
  /** True when the search ended at its bound: older rows were not looked at. */
  bounded: Type.Optional(Type.Boolean()),
})

export type RequestList = Static<typeof RequestListSchema>
