import { nearestName } from '../config/source/nearest-name.ts'
import type { ComplexityOverrides, RouterDefinition, TierTarget } from '../config/gateway-config.ts'
import type { RouterDraft } from '../contract/router-draft.ts'
import { GatewayError } from '../model/errors.ts'
import { type Tier, tiers } from '../model/tier.ts'
import { scoringSettings } from './complexity/scoring-settings.ts'

/**
 * A router with edited settings, as if they were in the file. Pure.
 * @param modelNames what a tier may name: models and aliases, no routers
 * @throws GatewayError `invalid_field` naming the setting: a model that is none, boundaries out of order, no tier left
 */
export function editRouter(
  router: RouterDefinition,
  draft: RouterDraft,
  modelNames: ReadonlySet<string>,
): RouterDefinition {
  const edited = {
    ...router,
    tiers: editTiers(router.tiers, draft.tiers ?? {}, modelNames),
    complexity: editComplexity(router.complexity, draft),
  }
  requireOrder(edited)
  return edited
}

function editTiers(
  saved: RouterDefinition['tiers'],
  draft: NonNullable<RouterDraft['tiers']>,
  modelNames: ReadonlySet<string>,
): RouterDefinition['tiers'] {
  const edited: Partial<Record<Tier, readonly TierTarget[]>> = {}
  for (const tier of tiers) {
    const chain = draft[tier]
    const before = saved[tier]
    if (chain === undefined) {
      if (before !== undefined) edited[tier] = before
    } else if (chain !== null) {
      edited[tier] = [...new Set(chain)].map((model) => targetOf(model, tier, before ?? [], modelNames))
    }
  }
  if (tiers.some((tier) => edited[tier] !== undefined)) return edited
  throw invalid('tiers', 'No tier has a model; at least one of SIMPLE, MEDIUM, COMPLEX, REASONING is wanted.')
}

/** A target of before keeps its fields; a new one has none. */
function targetOf(
  model: string,
  tier: Tier,
  before: readonly TierTarget[],
  modelNames: ReadonlySet<string>,
): TierTarget {
  const known = before.find((target) => target.model === model)
  if (known !== undefined) return known
  if (modelNames.has(model)) return { model, state: 'configured', defaults: {} }
  const nearest = nearestName(model, modelNames)
  const advice = nearest === undefined ? 'GET /api/models lists what there is.' : `Did you mean ${nearest}?`
  throw invalid(
    `tiers.${tier}`,
    `${tier} names ${JSON.stringify(model.slice(0, 100))}, which is no model here. ${advice}`,
  )
}

function editComplexity(saved: ComplexityOverrides, draft: RouterDraft): ComplexityOverrides {
  const { tier_boundaries: boundaries, dimension_weights: weights, token_thresholds: thresholds } = draft
  return {
    ...saved,
    tierBoundaries: boundaries === null ? {} : { ...saved.tierBoundaries, ...boundaries },
    tokenThresholds: thresholds === null ? {} : { ...saved.tokenThresholds, ...thresholds },
    dimensionWeights: editWeights(saved, weights),
    codeKeywords: chosen(draft.code_keywords, saved.codeKeywords),
    reasoningKeywords: chosen(draft.reasoning_keywords, saved.reasoningKeywords),
    technicalKeywords: chosen(draft.technical_keywords, saved.technicalKeywords),
    simpleKeywords: chosen(draft.simple_keywords, saved.simpleKeywords),
    customTechnicalKeywords: chosen(draft.custom_technical_keywords, saved.customTechnicalKeywords) ?? [],
    reasoningOverrideMinScore: chosen(draft.reasoning_override_min_score, saved.reasoningOverrideMinScore),
    noSignalTier: chosen(draft.no_signal_tier, saved.noSignalTier),
    textScope: chosen(draft.text_scope, saved.textScope) ?? 'user',
  }
}

/** In the file weights are whole or default: single edits are made to the weights that hold. */
function editWeights(
  saved: ComplexityOverrides,
  weights: RouterDraft['dimension_weights'],
): ComplexityOverrides['dimensionWeights'] {
  if (weights === undefined) return saved.dimensionWeights
  return weights === null ? undefined : { ...scoringSettings(saved).weights, ...weights }
}

/** Absent = as saved, null = the default. */
function chosen<Value>(edited: Value | null | undefined, saved: Value | undefined): Value | undefined {
  if (edited === undefined) return saved
  return edited ?? undefined
}

function requireOrder({ complexity }: RouterDefinition): void {
  const { simple_medium: low, medium_complex: middle, complex_reasoning: high } = scoringSettings(complexity).boundaries
  if (low <= middle && middle <= high) return
  throw invalid(
    'tier_boundaries',
    `Boundaries must rise from simple_medium to complex_reasoning; got ${low}, ${middle}, ${high}.`,
  )
}

function invalid(setting: string, message: string): GatewayError {
  return new GatewayError('invalid_field', message, { param: `draft.${setting}` })
}
