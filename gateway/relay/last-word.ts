import { GatewayError } from '../model/errors.ts'
import type { HinderedDeployment, Plan } from '../routing/plan-types.ts'
import { finalError } from './failure-policy.ts'

/**
 * What the client is told when nobody answered: what was tried, and what the plan had left out because it is down, resting
 * or full. `now` in ms since the epoch. Pure.
 */
export function lastWord(plan: Plan, model: string, tried: readonly GatewayError[], now: number): GatewayError {
  if (tried.length === 0 && plan.refusal !== undefined) return plan.refusal
  const leftOut = (plan.hindered ?? []).flatMap((hindered) => stateError(hindered, now) ?? [])
  return finalError(model, [...leftOut, ...tried])
}

/** Undefined for what the request or the file would have to change: no state of the deployment. */
function stateError({ candidate, kind, reason, until }: HinderedDeployment, now: number): GatewayError | undefined {
  const sentence = `${candidate.group} on ${candidate.deployment.provider} ${reason}.`
  switch (kind) {
    case 'full':
    case 'rate_limited': {
      const options = until === undefined ? {} : { retryAfterMs: Math.max(0, until - now) }
      return new GatewayError('rate_limited', sentence, options)
    }
    case 'down':
    case 'cooled':
    case 'over_budget':
      return new GatewayError('backend_unavailable', sentence)
    default:
      return undefined
  }
}
