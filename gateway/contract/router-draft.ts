import { type Static, Type } from 'typebox'
import { WeightsSchema } from './router-settings.ts'
import { ExplanationSchema } from './routers.ts'
import { nullable, TierSchema } from './values.ts'

const draftWords = () =>
  Type.Optional(nullable(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 2000 })))
const draftNumber = () => Type.Optional(Type.Number())

/** One step of a tier's chain, as the file would have it. */
const DraftChainSchema = Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { minItems: 1, maxItems: 20 })

/**
 * Edited settings that are not saved. What is absent is as saved; null is the default, as if it were not in the file.
 * `dimension_weights` and `tier_boundaries` change single values; a tier that is null is without a model.
 */
export const RouterDraftSchema = Type.Object(
  {
    tiers: Type.Optional(
      Type.Object(
        {
          SIMPLE: Type.Optional(nullable(DraftChainSchema)),
          MEDIUM: Type.Optional(nullable(DraftChainSchema)),
          COMPLEX: Type.Optional(nullable(DraftChainSchema)),
          REASONING: Type.Optional(nullable(DraftChainSchema)),
        },
        { additionalProperties: false },
      ),
    ),
    tier_boundaries: Type.Optional(
      nullable(
        Type.Object(
          { simple_medium: draftNumber(), medium_complex: draftNumber(), complex_reasoning: draftNumber() },
          { additionalProperties: false },
        ),
      ),
    ),
    dimension_weights: Type.Optional(nullable(Type.Partial(WeightsSchema, { additionalProperties: false }))),
    token_thresholds: Type.Optional(
      nullable(Type.Object({ simple: draftNumber(), complex: draftNumber() }, { additionalProperties: false })),
    ),
    code_keywords: draftWords(),
    reasoning_keywords: draftWords(),
    technical_keywords: draftWords(),
    simple_keywords: draftWords(),
    custom_technical_keywords: draftWords(),
    reasoning_override_min_score: Type.Optional(nullable(Type.Number())),
    no_signal_tier: Type.Optional(nullable(TierSchema)),
    text_scope: Type.Optional(nullable(Type.Union([Type.Literal('user'), Type.Literal('system_and_user')]))),
  },
  { additionalProperties: false },
)

export type RouterDraft = Static<typeof RouterDraftSchema>

/** `POST /api/routers/:name/try {text, draft}`: the decision on one prompt under saved and edited settings. Keeps nothing. */
export const TryRequestSchema = Type.Object(
  { text: Type.String({ maxLength: 1_000_000 }), draft: Type.Optional(RouterDraftSchema) },
  { additionalProperties: false },
)

export type TryRequest = Static<typeof TryRequestSchema>

export const TrialSchema = Type.Object({
  saved: ExplanationSchema,
  /** Null without a draft. */
  edited: nullable(ExplanationSchema),
})

export type Trial = Static<typeof TrialSchema>
