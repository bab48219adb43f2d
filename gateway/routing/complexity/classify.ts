import type { DimensionName, TierBoundaries } from '../../model/complexity.ts'
import type { Tier } from '../../model/tier.ts'
import type { DecisionCause, DimensionScore } from '../plan-types.ts'
import { estimateTokens, type PromptSignals } from './prompt-signals.ts'
import type { ScoringSettings } from './scoring-settings.ts'

/** The tier a prompt asks for, and every number behind it. */
export interface Classification {
  readonly tier: Tier
  readonly score: number
  readonly cause: Extract<DecisionCause, 'score' | 'reasoning_override' | 'no_signal'>
  /** In the fixed order in which they were added. */
  readonly dimensions: readonly DimensionScore[]
}

/**
 * Scores signals as LiteLLM's complexity router does: seven dimensions added in a fixed order as plain doubles (ties at
 * a boundary depend on it), two reasoning markers overriding the score, nothing clamped. "No signal" means that no
 * dimension contributes: one of weight 0 does not speak.
 */
export function classify(signals: PromptSignals, settings: ScoringSettings): Classification {
  const dimensions = scoreDimensions(signals, settings)
  const score = dimensions.reduce((sum, dimension) => sum + dimension.weighted, 0)
  if (isReasoningOverride(signals, score, settings)) {
    return { tier: 'REASONING', score, cause: 'reasoning_override', dimensions }
  }
  const tier = tierOfScore(score, settings.boundaries)
  const hasSignal = dimensions.some((dimension) => dimension.weighted !== 0)
  if (!hasSignal) return { tier: settings.noSignalTier ?? tier, score, cause: 'no_signal', dimensions }
  return { tier, score, cause: 'score', dimensions }
}

/** Strictly below a boundary stays below; a score equal to it goes up. */
export function tierOfScore(score: number, boundaries: TierBoundaries): Tier {
  if (score < boundaries.simple_medium) return 'SIMPLE'
  if (score < boundaries.medium_complex) return 'MEDIUM'
  if (score < boundaries.complex_reasoning) return 'COMPLEX'
  return 'REASONING'
}

function isReasoningOverride(signals: PromptSignals, score: number, settings: ScoringSettings): boolean {
  if (signals.reasoning.count < 2) return false
  return settings.reasoningOverrideMinScore === undefined || score >= settings.reasoningOverrideMinScore
}

function scoreDimensions(signals: PromptSignals, settings: ScoringSettings): DimensionScore[] {
  const { code, reasoning, technical, simple, steps, questionMarks } = signals
  const tokens = estimateTokens(signals.characters)
  const dimension = (name: DimensionName, raw: number, fired: readonly string[]): DimensionScore => {
    const weight = settings.weights[name]
    // Adding 0 turns -0 into 0, which would otherwise be shown.
    return { name, raw, weight, weighted: raw * weight + 0, fired }
  }
  const tokenRaw = rawOfTokens(tokens, settings.thresholds)
  const questionRaw = questionMarks >= 4 ? 0.5 : 0
  return [
    dimension('tokenCount', tokenRaw, tokenRaw === 0 ? [] : [tokens === 1 ? '1 token' : `${tokens} tokens`]),
    dimension('codePresence', rawOfCount(code.count, 1, 0.5, 2), code.words),
    dimension('reasoningMarkers', rawOfCount(reasoning.count, 1, 0.7, 2), reasoning.words),
    dimension('technicalTerms', rawOfCount(technical.count, 2, 0.5, 4), technical.words),
    dimension('simpleIndicators', simple.count === 0 ? 0 : -1, simple.words),
    dimension('multiStepPatterns', steps.length === 0 ? 0 : 0.5, steps),
    dimension('questionComplexity', questionRaw, questionRaw === 0 ? [] : [`${questionMarks} question marks`]),
  ]
}

function rawOfTokens(tokens: number, thresholds: ScoringSettings['thresholds']): number {
  if (tokens < thresholds.simple) return -1
  return tokens > thresholds.complex ? 1 : 0
}

/** 0 below `some` hits, `someRaw` from there, 1 from `many`. */
function rawOfCount(count: number, some: number, someRaw: number, many: number): number {
  if (count >= many) return 1
  return count >= some ? someRaw : 0
}
