import { type ErrorCode, GatewayError } from '../model/errors.ts'

/** What to do after a candidate failed before anything reached the client. */
export type NextStep =
  | { readonly step: 'next' }
  | { readonly step: 'stop' }
  | { readonly step: 'repeat'; readonly waitMs: number }

export interface FailureSituation {
  readonly error: GatewayError
  /** Another candidate is left in the plan. */
  readonly hasNext: boolean
  /** Repeats on this deployment so far. */
  readonly repeats: number
  readonly maxRepeats: number
  /** No repeat comes sooner, in ms (`retry_after`). */
  readonly leastWaitMs: number
  /** A number in [0, 1) that spreads the waits of many clients. */
  readonly jitter: number
}

/** The request itself is at fault: another upstream would refuse it as well, or must not be asked without the user's word. */
const atFaultOfRequest: ReadonlySet<ErrorCode> = new Set([
  'content_policy_violation',
  'context_length_exceeded',
  'unsupported_field',
  'upstream_bad_request',
  'upstream_unprocessable',
])

/** Another upstream would refuse the request as well, unless a chain for just this failure leads to one that may not. */
export function isFaultOfRequest(error: GatewayError): boolean {
  return atFaultOfRequest.has(error.code)
}

/** Worth the same deployment again when nothing else is left. A refused connection is not: it would refuse again. */
const passing: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'upstream_error', 'conflict'])

/** A client is not kept waiting longer than this for a repeat; a longer announced wait is handed to the client. */
const longestWaitMs = 5_000

/** Decides by value alone. Trying another candidate comes before waiting for this one, and never counts as a retry. */
export function nextStep(situation: FailureSituation): NextStep {
  const { error } = situation
  if (isFaultOfRequest(error)) return { step: 'stop' }
  if (situation.hasNext) return { step: 'next' }
  if (!passing.has(error.code) || situation.repeats >= situation.maxRepeats) return { step: 'stop' }
  const waitMs = error.retryAfterMs ?? backOffMs(situation.repeats, situation.jitter)
  if (waitMs > longestWaitMs) return { step: 'stop' }
  return { step: 'repeat', waitMs: Math.max(situation.leastWaitMs, waitMs) }
}

/** 0.5 s doubled each time, at most the longest wait, spread over its upper half. */
function backOffMs(repeats: number, jitter: number): number {
  const full = Math.min(500 * 2 ** repeats, longestWaitMs)
  return full / 2 + (full / 2) * jitter
}

/** What a client is told to wait when a rate limit came without a time: LiteLLM's default cooldown. */
const unknownWaitMs = 5_000

/**
 * The error for a request whose every candidate failed: 429 only when all were rate-limited (with the shortest wait), 503
 * naming the backends when any was down or only some were rate-limited, else the last error as it was.
 */
export function finalError(model: string, errors: readonly GatewayError[]): GatewayError {
  const last = errors.at(-1) ?? new GatewayError('backend_unavailable', `No deployment of ${model} is available.`)
  if (errors.length > 0 && errors.every((error) => error.code === 'rate_limited')) return shortestWait(errors)
  if (errors.length < 2) return last
  const down = errors.some((error) => error.code === 'backend_unavailable')
  if (!down && last.code !== 'rate_limited') return last
  const sentences = [...new Set(errors.map((error) => error.message))].join(' ')
  return new GatewayError('backend_unavailable', `Nothing could answer for ${model}. ${sentences}`)
}

function shortestWait(errors: readonly GatewayError[]): GatewayError {
  const shortest = errors.reduce((best, error) =>
    (error.retryAfterMs ?? Infinity) < (best.retryAfterMs ?? Infinity) ? error : best,
  )
  if (shortest.retryAfterMs !== undefined) return shortest
  const { message, param, upstream } = shortest
  return new GatewayError('rate_limited', message, {
    retryAfterMs: unknownWaitMs,
    ...(param === null ? {} : { param }),
    ...(upstream === undefined ? {} : { upstream }),
  })
}
