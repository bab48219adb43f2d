import type { Boundaries, Tier } from '../contract.ts'
import { strings } from '../strings.ts'
import { formatScore } from './figures.ts'

/** The tier whose zone holds the score: a score on a boundary belongs to the tier above. */
export function zoneOf(score: number, boundaries: Boundaries): Tier {
  if (score < boundaries.simple_medium) return 'SIMPLE'
  if (score < boundaries.medium_complex) return 'MEDIUM'
  return score < boundaries.complex_reasoning ? 'COMPLEX' : 'REASONING'
}

/** Where a score lies, in words: `under 0.10`, `between 0.25 and 0.55`, `over 0.55`. */
export function describePlace(score: number, boundaries: Boundaries): string {
  const { simple_medium: low, medium_complex: middle, complex_reasoning: high } = boundaries
  switch (zoneOf(score, boundaries)) {
    case 'SIMPLE':
      return strings.why.under(formatScore(low))
    case 'MEDIUM':
      return strings.why.between(formatScore(low), formatScore(middle))
    case 'COMPLEX':
      return strings.why.between(formatScore(middle), formatScore(high))
    case 'REASONING':
      return score === high ? strings.why.at(formatScore(high)) : strings.why.over(formatScore(high))
  }
}
