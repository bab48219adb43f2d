import type { JsonObject } from '../../model/json.ts'
import { type ReasoningEffort, reasoningEfforts, type ReasoningWish } from '../../model/model-request.ts'
import type { ModelTraits } from './model-traits.ts'

export interface ThinkingPlan {
  /** The field `thinking`; undefined leaves it out. */
  readonly thinking: JsonObject | undefined
  /** The field `output_config.effort`. */
  readonly effort: ReasoningEffort | undefined
  readonly isThinking: boolean
  /** Thinking with a budget wants its own earlier blocks back in an open tool turn. */
  readonly isBudget: boolean
  readonly warnings: readonly string[]
}

/** Least budget that the API takes, in tokens. */
const leastBudget = 1_024

/** Budget of each level, in tokens; the same numbers read the other way give the level of a budget. */
const budgets: readonly (readonly [ReasoningEffort, number])[] = [
  ['minimal', 1_024],
  ['low', 4_096],
  ['medium', 8_192],
  ['high', 24_576],
  ['xhigh', 32_768],
]

export const noThinking: ThinkingPlan = {
  thinking: undefined,
  effort: undefined,
  isThinking: false,
  isBudget: false,
  warnings: [],
}

/** Chooses the form in which this model is told how much to think. `maxTokens` is the output limit of the request. */
export function planThinking(traits: ModelTraits, wish: ReasoningWish | undefined, maxTokens: number): ThinkingPlan {
  const isThinking = traits.thinking === 'always'
  if (wish === undefined) return { ...noThinking, isThinking }
  if (wish.effort === 'none') return planOff(traits)
  if (traits.thinking === 'none') return { ...noThinking, warnings: ['dropped reasoning: the model does not think'] }
  const wantsBudget = wish.budgetTokens !== undefined && wish.effort === undefined
  if (traits.thinking === 'budget' || (traits.thinking === 'adaptive-or-budget' && wantsBudget)) {
    return planBudget(traits, wish, maxTokens)
  }
  return planAdaptive(traits, wish)
}

/** The same plan without thinking, where the model can do without; undefined where it cannot. */
export function withoutThinking(traits: ModelTraits, plan: ThinkingPlan, why: string): ThinkingPlan | undefined {
  if (traits.thinking === 'always') return undefined
  return {
    ...noThinking,
    thinking: { type: 'disabled' },
    warnings: [...plan.warnings, `switched thinking off: ${why}`],
  }
}

function planOff(traits: ModelTraits): ThinkingPlan {
  if (traits.thinking === 'none') return noThinking
  if (traits.thinking !== 'always') return { ...noThinking, thinking: { type: 'disabled' } }
  const warnings = ['asked for the lowest effort: the model cannot stop thinking']
  return { ...noThinking, isThinking: true, effort: traits.efforts[0], warnings }
}

function planAdaptive(traits: ModelTraits, wish: ReasoningWish): ThinkingPlan {
  const wanted = wish.effort ?? (wish.budgetTokens === undefined ? undefined : effortOfBudget(wish.budgetTokens))
  const effort = wanted === undefined ? undefined : nearestEffort(traits.efforts, wanted)
  // The newest models keep their thinking to themselves unless asked.
  const display: JsonObject = traits.thinking === 'adaptive-or-budget' && wish.visible !== false ? {} : displayOf(wish)
  return {
    thinking: { type: 'adaptive', ...display },
    effort,
    isThinking: true,
    isBudget: false,
    warnings: loweredWarning(wanted, effort),
  }
}

function planBudget(traits: ModelTraits, wish: ReasoningWish, maxTokens: number): ThinkingPlan {
  const wanted = wish.budgetTokens ?? budgetOfEffort(wish.effort ?? 'medium', traits.maxOutputTokens)
  // Where the wish fills the whole limit, a quarter of it is left for the answer.
  const budget =
    Math.max(wanted, leastBudget) < maxTokens ? Math.max(wanted, leastBudget) : Math.floor(maxTokens * 0.75)
  if (budget < leastBudget) {
    return { ...noThinking, warnings: [`dropped reasoning: an output limit of ${maxTokens} leaves no room for it`] }
  }
  // Opus 4.5 has both: the budget bounds the thinking, the effort all output.
  const effort =
    wish.effort === undefined || traits.efforts.length === 0 ? undefined : nearestEffort(traits.efforts, wish.effort)
  const display = wish.visible === false ? displayOf(wish) : {}
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...display },
    effort,
    isThinking: true,
    isBudget: true,
    warnings: [],
  }
}

function displayOf(wish: ReasoningWish): JsonObject {
  return { display: wish.visible === false ? 'omitted' : 'summarized' }
}

/** The wanted level, else the next lower one that exists, else the lowest. */
export function nearestEffort(
  levels: readonly ReasoningEffort[],
  wanted: ReasoningEffort,
): ReasoningEffort | undefined {
  const rank = reasoningEfforts.indexOf(wanted)
  return levels.findLast((level) => reasoningEfforts.indexOf(level) <= rank) ?? levels[0]
}

export function effortOfBudget(tokens: number): ReasoningEffort {
  return budgets.find(([, budget]) => tokens <= budget)?.[0] ?? 'max'
}

export function budgetOfEffort(effort: ReasoningEffort, maxOutputTokens: number): number {
  return budgets.find(([level]) => level === effort)?.[1] ?? maxOutputTokens - 1
}

function loweredWarning(wanted: ReasoningEffort | undefined, effort: ReasoningEffort | undefined): readonly string[] {
  if (wanted === undefined || wanted === effort || (wanted === 'minimal' && effort === 'low')) return []
  return [`asked for effort ${effort ?? 'of its own'} in place of ${wanted}, which the model does not have`]
}
