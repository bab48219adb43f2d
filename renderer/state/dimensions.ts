import type { DimensionName } from '../contract.ts'

/** The dimensions in the order in which they are added to a score. */
export const dimensionOrder = [
  'tokenCount',
  'codePresence',
  'reasoningMarkers',
  'technicalTerms',
  'simpleIndicators',
  'multiStepPatterns',
  'questionComplexity',
] as const satisfies readonly DimensionName[]

/** Heaviest first, by what is saved: a row does not move while its weight is edited. */
export function byWeight(weights: Readonly<Record<DimensionName, number>>): readonly DimensionName[] {
  return dimensionOrder.toSorted((one, other) => weights[other] - weights[one])
}
