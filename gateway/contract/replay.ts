import { type Static, Type } from 'typebox'
import { RouterDraftSchema } from './router-draft.ts'
import { nullable, TierSchema } from './values.ts'

/** `POST /api/routers/:name/replay {days, draft}`: the last days again with edited settings, from stored features only. */
export const ReplayRequestSchema = Type.Object(
  {
    /** Default 7. */
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
    draft: RouterDraftSchema,
  },
  { additionalProperties: false },
)

export type ReplayRequest = Static<typeof ReplayRequestSchema>

/** Requests of one tier; `costNanoUsd` over those whose cost is known both before and after. */
const TierShareSchema = Type.Object({
  tier: TierSchema,
  requests: Type.Integer(),
  costNanoUsd: Type.Integer(),
})

export const ReplaySchema = Type.Object({
  router: Type.String(),
  /** ms since the epoch. */
  since: Type.Number(),
  until: Type.Number(),
  /** Requests of this router in that time that a score decided. */
  requests: Type.Integer(),
  /** How many of them were decided again. Fewer than `requests`: an even sample, and no figure is scaled up. */
  replayed: Type.Integer(),
  sampled: Type.Boolean(),
  /** Not in `requests`: pinned or without text, and so without features; features of another version. */
  withoutFeatures: Type.Integer(),
  otherVersion: Type.Integer(),
  /** All four tiers, cheapest first. Of the replayed ones only. */
  before: Type.Array(TierShareSchema),
  after: Type.Array(TierShareSchema),
  cost: Type.Object({
    beforeNanoUsd: Type.Integer(),
    afterNanoUsd: Type.Integer(),
    /** Requests in neither sum, because a price or their tokens are unknown. */
    unknown: Type.Integer(),
    /** What is compared, in a sentence. */
    compares: Type.String(),
  }),
  /** By pair of tiers, most requests first. `costNanoUsd`: after minus before; negative is cheaper. */
  moves: Type.Array(
    Type.Object({
      from: TierSchema,
      to: TierSchema,
      requests: Type.Integer(),
      costNanoUsd: Type.Integer(),
      unknown: Type.Integer(),
    }),
  ),
  labels: Type.Object({
    /** Labels of this router, of any time. */
    checked: Type.Integer(),
    /** Labels that the saved and the edited settings contradict. */
    contradictedBefore: Type.Integer(),
    contradictedAfter: Type.Integer(),
    /** At most 50, those that the edit newly contradicts first. */
    contradictions: Type.Array(
      Type.Object({ id: Type.String(), label: TierSchema, before: TierSchema, after: TierSchema }),
    ),
  }),
  /** What a reader must know: words edited, a sample, deleted rows. */
  notes: Type.Array(Type.String()),
  /** The tier of each that nobody configured is the nearest one that is; null = every tier has a model. */
  missingTiers: nullable(Type.Array(TierSchema)),
})

export type Replay = Static<typeof ReplaySchema>
