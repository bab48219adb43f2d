import type { FailureCounts } from '../config/delivery-settings.ts'
import type { GatewayError } from '../model/errors.ts'
import type { RelayRequest } from './relay-request.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { CarrySettings } from './carrier-dependencies.ts'
import { faultOf } from './deployments/fault.ts'

/**
 * How often a failed deployment may be asked again. The nearest word counts: the request's own `num_retries`, the policy of
 * the group for this kind of failure, the general policy, the deployment's number, the general number. Pure.
 */
export function retryCount(
  error: GatewayError,
  candidate: Candidate,
  { plan, facts }: Pick<RelayRequest, 'plan' | 'facts'>,
  { numRetries, retryPolicy }: Pick<CarrySettings, 'numRetries' | 'retryPolicy'>,
): number {
  if (plan.failFast) return 0
  return (
    facts.controls.numRetries ??
    byPolicy(retryPolicy.byGroup.get(candidate.group), error) ??
    byPolicy(retryPolicy.general, error) ??
    candidate.deployment.numRetries ??
    numRetries
  )
}

/** A kind that the policy names, else its default. */
function byPolicy(policy: FailureCounts | undefined, error: GatewayError): number | undefined {
  if (policy === undefined) return undefined
  const kind = faultOf(error)?.kind
  return (kind === undefined ? undefined : policy[kind]) ?? policy.default
}
