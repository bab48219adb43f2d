/** The dimensions of a complexity score, in the order in which they are added: ties at a boundary depend on it. */
export const dimensionNames = [
  'tokenCount',
  'codePresence',
  'reasoningMarkers',
  'technicalTerms',
  'simpleIndicators',
  'multiStepPatterns',
  'questionComplexity',
] as const

export type DimensionName = (typeof dimensionNames)[number]

/** Scores from which the next tier up begins. */
export interface TierBoundaries {
  readonly simple_medium: number
  readonly medium_complex: number
  readonly complex_reasoning: number
}

/** Estimated tokens: below `simple` a prompt counts as short, above `complex` as long. */
export interface TokenThresholds {
  readonly simple: number
  readonly complex: number
}

// LiteLLM's defaults (`litellm/router_strategy/complexity_router/config.py`).

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

export const defaultThresholds: TokenThresholds = { simple: 15, complex: 400 }
