import type { RoutingStrategy } from '../config/delivery-settings.ts'
import type { Candidate, Plan } from './plan-types.ts'
import { printable } from './printable.ts'

const shownReasons = 3

/**
 * A plan in one sentence for people: who chose, what is tried first, what follows, what was left out and why. ASCII but
 * for names, never text of a prompt. `strategy`: how equals were ordered, where that is to be told.
 */
export function planSentence(plan: Plan, strategy?: RoutingStrategy): string {
  return [opening(plan), course(plan, strategy), leftOut(plan)].filter((part) => part !== '').join('; ')
}

function opening({ asked, decision }: Plan): string {
  if (decision === undefined) return `${printable(asked)} was asked for by name`
  const wanted = decision.wantedTier === decision.tier ? '' : `, in place of ${decision.wantedTier}`
  return `${decision.router} chose ${decision.tier}${wanted} (${decision.reason})`
}

function course(plan: Plan, strategy: RoutingStrategy | undefined): string {
  const [first, ...others] = plan.candidates
  if (first === undefined) return plan.waiting.length === 0 ? 'nothing can be tried' : 'it waits for a free deployment'
  const equals = others.filter(({ chainIndex }) => chainIndex === first.chainIndex)
  const fallbacks = [...new Set(others.slice(equals.length).map(({ group }) => group))]
  const head = first.chainIndex === 0 ? 'is tried first' : `(fallback ${first.chainIndex}) is tried first`
  const parts = [`${describe(first)} ${head}`]
  if (equals.length > 0) {
    const order = strategy === undefined ? '' : ` by ${strategy}`
    parts.push(`then ${count(equals.length, 'more deployment')}${order}`)
  }
  if (fallbacks.length > 0) parts.push(`then ${fallbacks.join(', ')}`)
  if (plan.failFast) parts.push('and nothing else, because it is to fail fast')
  return parts.join(', ')
}

function leftOut({ skipped, refusal }: Plan): string {
  if (skipped.length === 0) return refusal === undefined ? '' : refusal.code
  const reasons = [...new Set(skipped.map(({ model, reason }) => `${model} ${reason}`))]
  const rest = reasons.length > shownReasons ? ` and ${reasons.length - shownReasons} more` : ''
  return `left out: ${reasons.slice(0, shownReasons).join(', ')}${rest}`
}

function describe({ group, deployment }: Candidate): string {
  return `${group} on ${deployment.provider}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
