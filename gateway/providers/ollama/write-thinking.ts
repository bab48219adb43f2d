import type { JsonValue } from '../../model/json.ts'
import type { ReasoningWish } from '../../model/model-request.ts'
import type { CallContext } from './call-context.ts'

/**
 * The field `think`. Undefined leaves the model's own habit: a model that can think does so when nothing is said, and one
 * that cannot answers `think: true` with an error, so that it is sent only where the server tells that it can.
 */
export function writeThink(wish: ReasoningWish | undefined, context: CallContext): JsonValue | undefined {
  if (wish === undefined) return undefined
  const effort = wish.effort ?? (wish.budgetTokens === 0 ? 'none' : undefined)
  const { upstreamModel, local } = context.deployment
  const canThink = local?.capabilities?.includes('thinking')
  if (effort === 'none') return canThink === false ? undefined : false
  if (canThink === false) {
    if (effort !== undefined) context.warn(`dropped reasoning effort: ${upstreamModel} does not think`)
    return undefined
  }
  // gpt-oss is the family that takes levels; it cannot be switched off.
  if (/gpt-oss/i.test(upstreamModel)) return level(effort)
  return canThink === true ? true : undefined
}

function level(effort: ReasoningWish['effort']): string | undefined {
  if (effort === undefined) return undefined
  if (effort === 'minimal' || effort === 'low') return 'low'
  return effort === 'medium' ? 'medium' : 'high'
}
