import type { ComplexityOverrides } from '../../config/gateway-config.ts'
import type { Tier } from '../../model/tier.ts'
import { type DimensionName, dimensionNames } from '../plan-types.ts'

export interface TierBoundaries {
  readonly simple_medium: number
  readonly medium_complex: number
  readonly complex_reasoning: number
}

/** Everything that turns signals into a tier, complete. */
export interface ScoringSettings {
  readonly weights: Readonly<Record<DimensionName, number>>
  readonly boundaries: TierBoundaries
  /** Estimated tokens: below `simple` a prompt counts as short, above `complex` as long. */
  readonly thresholds: { readonly simple: number; readonly complex: number }
  /** The score that two reasoning markers need as well; undefined = none. */
  readonly reasoningOverrideMinScore: number | undefined
  readonly noSignalTier: Tier | undefined
}

/** LiteLLM's defaults (`litellm/router_strategy/complexity_router/config.py`). */
export const defaultWeights: Readonly<Record<DimensionName, number>> = {
  tokenCount: 0.1,
  codePresence: 0.3,
  reasoningMarkers: 0.25,
  technicalTerms: 0.25,
  simpleIndicators: 0.05,
  multiStepPatterns: 0.03,
  questionComplexity: 0.02,
}

export const defaultBoundaries: TierBoundaries = { simple_medium: 0.15, medium_complex: 0.35, complex_reasoning: 0.6 }

export const defaultThresholds = { simple: 15, complex: 400 } as const

/** Fills what a router leaves out. Boundaries and thresholds merge per key; weights are replaced, a missing one is 0. */
export function scoringSettings(overrides: ComplexityOverrides): ScoringSettings {
  return {
    weights: overrides.dimensionWeights === undefined ? defaultWeights : completeWeights(overrides.dimensionWeights),
    boundaries: { ...defaultBoundaries, ...overrides.tierBoundaries },
    thresholds: { ...defaultThresholds, ...overrides.tokenThresholds },
    reasoningOverrideMinScore: overrides.reasoningOverrideMinScore,
    noSignalTier: overrides.noSignalTier,
  }
}

function completeWeights(written: Readonly<Record<string, number>>): Readonly<Record<DimensionName, number>> {
  const weights = dimensionNames.map((name): [DimensionName, number] => [name, written[name] ?? 0])
  return Object.fromEntries(weights) as Record<DimensionName, number>
}
