import type { ComplexityOverrides } from '../../config/gateway-config.ts'
import {
  defaultBoundaries,
  defaultThresholds,
  defaultWeights,
  type DimensionName,
  dimensionNames,
  type TierBoundaries,
  type TokenThresholds,
} from '../../model/complexity.ts'
import type { Tier } from '../../model/tier.ts'

/** Everything that turns signals into a tier, complete. */
export interface ScoringSettings {
  readonly weights: Readonly<Record<DimensionName, number>>
  readonly boundaries: TierBoundaries
  readonly thresholds: TokenThresholds
  /** The score that two reasoning markers need as well; undefined = none. */
  readonly reasoningOverrideMinScore: number | undefined
  readonly noSignalTier: Tier | undefined
}

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
