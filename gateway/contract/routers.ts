import { type Static, Type } from 'typebox'
import { nullable, SwitchPositionSchema, TierSchema } from './values.ts'

export const TierViewSchema = Type.Object({
  tier: TierSchema,
  /** The chain of models, first choice first. `waiting` models are named by the config but not there yet. */
  models: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.Union([Type.Literal('configured'), Type.Literal('waiting')]),
    }),
  ),
})

export const BoundariesSchema = Type.Object({
  simple_medium: Type.Number(),
  medium_complex: Type.Number(),
  complex_reasoning: Type.Number(),
})

export const RouterViewSchema = Type.Object({
  name: Type.String(),
  position: SwitchPositionSchema,
  /** Configured tiers only, cheapest first. */
  tiers: Type.Array(TierViewSchema),
  boundaries: BoundariesSchema,
  warnings: Type.Array(Type.String()),
  requestsToday: Type.Integer(),
})

export type RouterView = Static<typeof RouterViewSchema>

export const RouterListSchema = Type.Object({ routers: Type.Array(RouterViewSchema) })

export type RouterList = Static<typeof RouterListSchema>

/**
 * `PUT /api/routers/:name/switch` takes a position and gives the router. Errors: 404 `not_found`, 400 `missing_field`,
 * `unsupported_field`, `invalid_field`.
 */
export { SwitchPositionSchema } from './values.ts'

/** `POST /api/route/explain`: a request of any dialect and, where the dialect carries the model in the URL, its model. */
export const ExplainRequestSchema = Type.Object(
  {
    model: Type.Optional(Type.String()),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    body: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
)

export type ExplainRequest = Static<typeof ExplainRequestSchema>

export const DimensionViewSchema = Type.Object({
  name: Type.String(),
  raw: Type.Number(),
  weight: Type.Number(),
  weighted: Type.Number(),
  fired: Type.Array(Type.String()),
})

/** Something to try; `chainIndex` 0 is the asked or chosen model, others are places in a chain. */
export const CandidateViewSchema = Type.Object({
  model: Type.String(),
  deploymentId: Type.String(),
  provider: Type.String(),
  upstreamModel: Type.String(),
  chainIndex: Type.Integer(),
})

export const ExplanationSchema = Type.Object({
  model: Type.String(),
  /** The role or category that was asked for, by its full name (`role/oracle`); null = a model or router. */
  role: Type.Optional(nullable(Type.String())),
  router: nullable(Type.String()),
  tier: nullable(TierSchema),
  wantedTier: nullable(TierSchema),
  score: nullable(Type.Number()),
  cause: nullable(Type.String()),
  reason: nullable(Type.String()),
  boundaries: nullable(BoundariesSchema),
  dimensions: Type.Array(DimensionViewSchema),
  /** The whole decision in one sentence. */
  summary: Type.String(),
  /** How the deployments of one model are ordered. */
  strategy: Type.String(),
  /** One try: no repeat, no fallback, no queue. */
  failFast: Type.Boolean(),
  candidates: Type.Array(CandidateViewSchema),
  /** Tried when an upstream says that the request is too long for it, and when one refuses the content. */
  onContextWindow: Type.Array(CandidateViewSchema),
  onContentPolicy: Type.Array(CandidateViewSchema),
  /** What is only out for a while, as far as requests may wait; `until` in ms since the epoch, null = when a slot is free. */
  waiting: Type.Array(
    Type.Object({ model: Type.String(), deploymentId: Type.String(), until: nullable(Type.Number()) }),
  ),
  /** `deploymentId` is null when the whole model is meant. */
  skipped: Type.Array(
    Type.Object({ model: Type.String(), deploymentId: nullable(Type.String()), reason: Type.String() }),
  ),
  warnings: Type.Array(Type.String()),
})

export type Explanation = Static<typeof ExplanationSchema>
