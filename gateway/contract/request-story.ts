import { type Static, Type } from 'typebox'
import { RequestViewSchema } from './requests.ts'
import { BoundariesSchema, DimensionViewSchema } from './routers.ts'
import { nullable, TierSchema } from './values.ts'

/** "Wrong tier?": what somebody thinks it should have been. Kept with the features of the turn, never its text. */
export const LabelSchema = Type.Object({
  /** The request's call id. */
  id: Type.String(),
  router: Type.String(),
  /** The tier that was chosen, and the one it should have been. */
  decided: TierSchema,
  tier: TierSchema,
  /** ms since the epoch. */
  at: Type.Number(),
})

export type Label = Static<typeof LabelSchema>

/**
 * `POST /api/requests/:id/label {tier}` gives the Label and replaces an earlier one; `DELETE` the same path gives
 * `{deleted: id}`. 404 `not_found`, 409 `conflict` for a request without features (no router, no text, still running).
 */
export const LabelRequestSchema = Type.Object({ tier: TierSchema }, { additionalProperties: false })

export type LabelRequest = Static<typeof LabelRequestSchema>

/** `GET /api/labels`, newest first; at most 1000. */
export const LabelListSchema = Type.Object({ labels: Type.Array(LabelSchema) })

export type LabelList = Static<typeof LabelListSchema>

/** Why the tier: the score taken apart again from the stored features. */
export const WhyTierSchema = Type.Object({
  cause: nullable(Type.String()),
  score: nullable(Type.Number()),
  boundaries: nullable(BoundariesSchema),
  /** With the listed words that fired. */
  dimensions: Type.Array(DimensionViewSchema),
  /**
   * `as then`: these settings give the score of then; `changed`: they have changed since and give another, so the bars
   * are those of now; `gone`: the router is not in the config any more.
   */
  settings: Type.Union([Type.Literal('as then'), Type.Literal('changed'), Type.Literal('gone')]),
})

export type WhyTier = Static<typeof WhyTierSchema>

/** `answered`, `failed`: it was asked; `skipped`: left out, with why; `not needed`: another one answered first. */
export const StoryCandidateSchema = Type.Object({
  model: Type.String(),
  deploymentId: nullable(Type.String()),
  provider: nullable(Type.String()),
  outcome: Type.Union([
    Type.Literal('answered'),
    Type.Literal('failed'),
    Type.Literal('skipped'),
    Type.Literal('not needed'),
  ]),
  reason: Type.String(),
})

export type StoryCandidate = Static<typeof StoryCandidateSchema>

export const SameTokensSchema = Type.Object({
  /** What is compared, in a sentence. */
  compares: Type.String(),
  tiers: Type.Array(
    Type.Object({
      tier: TierSchema,
      /** The first model of the tier. */
      model: Type.String(),
      /** Nano-USD; null = unknown. */
      costNanoUsd: nullable(Type.Integer()),
      /** `billed`, `flat_rate`, `local`, `demo`: only `billed` is paid per token. */
      billing: Type.String(),
      /** The tier that answered. */
      chosen: Type.Boolean(),
    }),
  ),
})

export type SameTokens = Static<typeof SameTokensSchema>

/** `GET /api/requests/:id`: the request and the whole story of it. A running one has no story yet: all of it null or empty. */
export const RequestStorySchema = Type.Object({
  ...RequestViewSchema.properties,
  /** Null without a router and in rows without features. */
  why: nullable(WhyTierSchema),
  /** In the order of the plan. Rows from before they were kept have only those that were asked. */
  candidates: Type.Array(StoryCandidateSchema),
  /** Null without a router or tokens. */
  sameTokens: nullable(SameTokensSchema),
  /** The session up to now; `turn`: this one's place, from 1. */
  sessionSummary: nullable(
    Type.Object({ id: Type.String(), turn: Type.Integer(), turns: Type.Integer(), billedNanoUsd: Type.Integer() }),
  ),
  label: nullable(LabelSchema),
  /** True when `POST …/label` would be taken. */
  canLabel: Type.Boolean(),
})

export type RequestStory = Static<typeof RequestStorySchema>
