import type { JsonObject } from '../../model/json.ts'
import type { ReasoningEffort, ReasoningWish } from '../../model/model-request.ts'
import type { ThinkingControl, ThinkingLevel } from './model-traits.ts'

type Warn = (text: string) => void

/**
 * `thinkingConfig` for a wish, or undefined when nothing need be said. Levels and budgets stand for each other by the
 * same thresholds; what a model lacks becomes its nearest lower step, or its lowest, with a warning.
 */
export function thinkingConfig(
  wish: ReasoningWish | undefined,
  control: ThinkingControl,
  warn: Warn,
): JsonObject | undefined {
  if (wish === undefined) return undefined
  if (control.kind === 'none') {
    if (wish.effort !== 'none') warn('dropped the reasoning wish: this model cannot be asked to think')
    return undefined
  }
  const config: JsonObject = {}
  if (wish.visible !== false && wish.effort !== 'none') config.includeThoughts = true
  if (control.kind === 'levels') setLevel(config, wish, control.levels, warn)
  else setBudget(config, wish, control, warn)
  return Object.keys(config).length === 0 ? undefined : config
}

const levelOfEffort: Readonly<Record<ReasoningEffort, ThinkingLevel>> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
}

const order: readonly ThinkingLevel[] = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']

function setLevel(config: JsonObject, wish: ReasoningWish, levels: readonly ThinkingLevel[], warn: Warn): void {
  const effort = wish.effort ?? (wish.budgetTokens === undefined ? undefined : effortOfBudget(wish.budgetTokens))
  if (effort === undefined) return
  const wanted = levelOfEffort[effort]
  const given = levels.findLast((level) => order.indexOf(level) <= order.indexOf(wanted)) ?? levels[0] ?? wanted
  if (effort === 'none') warn(`reasoning cannot be switched off on this model: thinkingLevel ${given} was asked for`)
  else if (given !== wanted || effort === 'xhigh' || effort === 'max') {
    warn(`reasoning effort ${effort} became thinkingLevel ${given}`)
  }
  config.thinkingLevel = given
}

const budgetOfEffort: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 512,
  low: 4_096,
  medium: 8_192,
  high: 24_576,
  xhigh: Number.POSITIVE_INFINITY,
  max: Number.POSITIVE_INFINITY,
}

function setBudget(
  config: JsonObject,
  wish: ReasoningWish,
  control: Extract<ThinkingControl, { kind: 'budget' }>,
  warn: Warn,
): void {
  const wanted = wish.budgetTokens ?? (wish.effort === undefined ? undefined : effortBudget(wish.effort))
  if (wanted === undefined) return
  if (wanted === 0 && control.off) {
    config.thinkingBudget = 0
    delete config.includeThoughts
    return
  }
  const given = Math.min(Math.max(wanted, control.least), control.most)
  if (wanted === 0) warn(`reasoning cannot be switched off on this model: thinkingBudget ${given} was asked for`)
  else if (wish.budgetTokens !== undefined && given !== wanted) {
    warn(`the reasoning budget of ${wanted} tokens became thinkingBudget ${given}`)
  }
  config.thinkingBudget = given
}

function effortBudget(effort: ReasoningEffort): number {
  return effort === 'none' ? 0 : budgetOfEffort[effort]
}

/** The way back from a budget in tokens. */
function effortOfBudget(tokens: number): ReasoningEffort {
  if (tokens <= 0) return 'none'
  if (tokens <= 1_024) return 'minimal'
  if (tokens <= 4_096) return 'low'
  return tokens < 16_384 ? 'medium' : 'high'
}
