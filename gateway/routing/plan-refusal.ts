import type { Deployment } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import { type Hindrance, misfitText } from './deployment-states.ts'
import type { Candidate, SkippedCandidate } from './plan-types.ts'

/** A deployment that would be a candidate, and what hinders it. */
export interface HinderedCandidate {
  readonly candidate: Candidate
  readonly hindrance: Hindrance
}

/** What a client is told to wait when only the end of a running request makes room. */
const slotWaitMs = 1000
const shownStates = 8

/**
 * Why nothing can be tried. What is down comes first, since only its owner can help; then what is only full or
 * rate-limited, since waiting helps; then what the request or the file would have to change.
 */
export function refusePlan(
  asked: string,
  hindered: readonly HinderedCandidate[],
  skipped: readonly SkippedCandidate[],
  now: number,
): GatewayError {
  const of = (...kinds: Hindrance['kind'][]) => hindered.filter(({ hindrance }) => kinds.includes(hindrance.kind))
  const down = of('down')
  if (down.length > 0) return unavailable(asked, [...down, ...of('full', 'rate_limited', 'over_budget')])
  const passing = of('full', 'rate_limited')
  if (passing.length > 0 && of('over_budget').length === 0) return rateLimited(asked, passing, now)
  if (passing.length > 0) return unavailable(asked, of('over_budget', 'full', 'rate_limited'))
  if (of('over_budget').length > 0) return budgetExceeded(asked, of('over_budget'))
  const tooLong = of('too_long')
  if (tooLong.length > 0) return contextLengthExceeded(asked, tooLong)
  if (of('tags').length > 0) return noTags(asked, of('tags'))
  const keyless = of('no_key')
  return keyless.length > 0 ? noProviderKey(keyless) : nothingToTry(asked, skipped)
}

function unavailable(asked: string, hindered: readonly HinderedCandidate[]): GatewayError {
  return new GatewayError('backend_unavailable', `Nothing can answer for ${asked} now: ${states(hindered)}.`)
}

function budgetExceeded(asked: string, hindered: readonly HinderedCandidate[]): GatewayError {
  return new GatewayError(
    'budget_exceeded',
    `Budget has been exceeded! Nothing can answer for ${asked} until a budget starts anew or is raised: ${states(hindered)}.`,
  )
}

function rateLimited(asked: string, hindered: readonly HinderedCandidate[], now: number): GatewayError {
  const waits = hindered.map(({ hindrance }) =>
    'until' in hindrance && hindrance.until !== undefined ? hindrance.until - now : slotWaitMs,
  )
  return new GatewayError('rate_limited', `Every deployment for ${asked} is at its limit: ${states(hindered)}.`, {
    retryAfterMs: Math.max(1, Math.min(...waits)),
  })
}

/** Each state once: `qwen on ollama (127.0.0.1:11434) is down: connection refused`. */
function states(hindered: readonly HinderedCandidate[]): string {
  const sentences = hindered.map(({ candidate: { group, deployment }, hindrance }) => {
    const host = hostOf(deployment)
    return `${group} on ${deployment.provider}${host === undefined ? '' : ` (${host})`} ${hindrance.reason}`
  })
  const distinct = [...new Set(sentences)]
  const rest = distinct.length > shownStates ? `; and ${distinct.length - shownStates} more` : ''
  return distinct.slice(0, shownStates).join('; ') + rest
}

/** Host and port without credentials, path and query. */
function hostOf({ baseUrl }: Deployment): string | undefined {
  const host = URL.parse(baseUrl)?.host
  return host === undefined || host === '' ? undefined : host
}

function contextLengthExceeded(asked: string, hindered: readonly HinderedCandidate[]): GatewayError {
  const rooms = hindered.flatMap(({ candidate, hindrance }) =>
    hindrance.kind === 'too_long' ? [`${candidate.group} ${misfitText(hindrance.misfit)}`] : [],
  )
  return new GatewayError(
    'context_length_exceeded',
    `The request is too long for ${asked}: ${[...new Set(rooms)].slice(0, shownStates).join('; ')}. Shorten it, or name a model with a larger context window.`,
  )
}

function noTags(asked: string, hindered: readonly HinderedCandidate[]): GatewayError {
  const reasons = new Set(hindered.map(({ candidate, hindrance }) => `${candidate.group} ${hindrance.reason}`))
  return new GatewayError(
    'no_deployment_for_tags',
    `No deployment for ${asked} may be used: ${[...reasons].join('; ')}. Change the tags of the request, or tag a deployment so.`,
    { param: 'tags' },
  )
}

function noProviderKey(hindered: readonly HinderedCandidate[]): GatewayError {
  const groups = [...new Set(hindered.map(({ candidate }) => candidate.group))]
  const names = [...new Set(hindered.flatMap(({ hindrance }) => (hindrance.kind === 'no_key' ? hindrance.names : [])))]
  const wanted = names.length === 1 ? `set ${names[0]}` : `set one of ${names.join(', ')}`
  return new GatewayError(
    'provider_key_missing',
    `There is no provider key for ${groups.join(', ')}: ${wanted} in the gateway's environment or at Settings, Secrets, where a locked store of keys is unlocked too.`,
  )
}

function nothingToTry(asked: string, skipped: readonly SkippedCandidate[]): GatewayError {
  const reasons = skipped.map(({ model, reason }) => `${model} ${reason}`).join('; ')
  return new GatewayError(
    'backend_unavailable',
    `The model ${asked} has nothing that could answer${reasons === '' ? '' : `: ${reasons}`}.`,
  )
}
