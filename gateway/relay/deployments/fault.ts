import type { CooldownSettings, DeploymentCooldown, FailureKind } from '../../config/delivery-settings.ts'
import type { ErrorCode, GatewayError } from '../../model/errors.ts'

/** What a failed attempt says about its deployment. */
export interface Fault {
  readonly kind: FailureKind
  /**
   * `at_once`: waiting out the count would only waste requests. `counted`: one of several takes it out. `request`: the
   * request's own fault, which counts only where a policy of the config gives its kind a number.
   */
  readonly weight: 'at_once' | 'counted' | 'request'
}

const faults: Readonly<Partial<Record<ErrorCode, Fault>>> = {
  rate_limited: { kind: 'rate_limit', weight: 'at_once' },
  provider_key_refused: { kind: 'authentication', weight: 'at_once' },
  provider_payment_required: { kind: 'authentication', weight: 'at_once' },
  // 403 and 404 may be about one request only: moderation, an endpoint that this server does not have.
  provider_permission_denied: { kind: 'authentication', weight: 'counted' },
  upstream_not_found: { kind: 'not_found', weight: 'counted' },
  upstream_timeout: { kind: 'timeout', weight: 'counted' },
  upstream_error: { kind: 'internal_server', weight: 'counted' },
  upstream_stream_cut: { kind: 'internal_server', weight: 'counted' },
  upstream_invalid_answer: { kind: 'internal_server', weight: 'counted' },
  backend_unavailable: { kind: 'service_unavailable', weight: 'counted' },
  content_policy_violation: { kind: 'content_policy', weight: 'request' },
  upstream_bad_request: { kind: 'bad_request', weight: 'request' },
  upstream_unprocessable: { kind: 'bad_request', weight: 'request' },
  context_length_exceeded: { kind: 'bad_request', weight: 'request' },
  body_too_large: { kind: 'bad_request', weight: 'request' },
}

/** Undefined = says nothing about the deployment: the client left, the gateway failed or stops, no key is set. Pure. */
export function faultOf(error: GatewayError): Fault | undefined {
  const fault = faults[error.code]
  if (error.code === 'upstream_error' && (error.status === 503 || error.status === 529))
    return { kind: 'service_unavailable', weight: 'counted' }
  return fault
}

/** How failures of a kind are counted for one deployment. */
export interface FaultRule {
  /** So many within the window take it out; undefined = never. */
  readonly threshold: number | undefined
  /** Kinds that a policy names are counted each for itself. */
  readonly counter: FailureKind | 'general'
}

/**
 * The deployment's own policy wins over the general one, a policy over the plain number of failures. LiteLLM takes
 * `allowed_fails: 3`, its own default, for "not set"; here three failures are three failures. 0 means the first one.
 */
export function faultRule(fault: Fault, own: DeploymentCooldown, general: CooldownSettings): FaultRule {
  const { kind, weight } = fault
  const named = own.allowedFailsPolicy?.[kind] ?? general.allowedFailsPolicy[kind]
  if (named !== undefined) return { threshold: Math.max(1, named), counter: kind }
  if (weight === 'request') return { threshold: undefined, counter: kind }
  const others = own.allowedFailsPolicy?.default ?? general.allowedFailsPolicy.default
  if (others !== undefined) return { threshold: Math.max(1, others), counter: 'default' }
  if (weight === 'at_once') return { threshold: 1, counter: kind }
  return { threshold: Math.max(1, own.allowedFails ?? general.allowedFails), counter: 'general' }
}
