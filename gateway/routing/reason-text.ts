import type { DimensionName } from '../model/complexity.ts'
import type { DecisionCause, DimensionScore } from './plan-types.ts'

/** Short names of the dimensions, for headers, tables and the interface. */
export const shortDimensionNames: Readonly<Record<DimensionName, string>> = {
  tokenCount: 'tokens',
  codePresence: 'code',
  reasoningMarkers: 'reasoning',
  technicalTerms: 'technical',
  simpleIndicators: 'simple',
  multiStepPatterns: 'multi-step',
  questionComplexity: 'questions',
}

/** Reasons that are a rule and not a sum. */
const ruleNames: Readonly<Record<Exclude<DecisionCause, 'score'>, string>> = {
  reasoning_override: 'two reasoning markers',
  no_signal: 'no signal',
  no_user_text: 'no user text',
  pinned: 'pinned',
}

/** Why a tier was chosen, in a few ASCII words fit for a header: `code 0.10, technical 0.25`, greatest share first. */
export function reasonText(cause: DecisionCause, dimensions: readonly DimensionScore[]): string {
  return cause === 'score' ? contributions(dimensions) : ruleNames[cause]
}

/** Two decimals, three where the third says something: 0.10, 0.015. */
export function formatScore(value: number): string {
  const exact = value.toFixed(3)
  const short = exact.endsWith('0') ? exact.slice(0, -1) : exact
  return short === '-0.00' ? '0.00' : short
}

function contributions(dimensions: readonly DimensionScore[]): string {
  return dimensions
    .filter((dimension) => dimension.weighted !== 0)
    .sort((left, right) => Math.abs(right.weighted) - Math.abs(left.weighted))
    .map((dimension) => `${shortDimensionNames[dimension.name]} ${formatScore(dimension.weighted)}`)
    .join(', ')
}
