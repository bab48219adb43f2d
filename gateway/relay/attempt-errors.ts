import type { Deadlines } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { UpstreamFailure } from '../upstream/upstream-exchange.ts'
import type { DeadlineKind } from './deadline-timer.ts'

/** What ended an attempt without a word of the upstream: sentences for people, and a few words for the ledger. */

function label(candidate: Candidate): string {
  return `${candidate.deployment.provider} (model ${candidate.deployment.upstreamModel})`
}

export function transportError(candidate: Candidate, failure: UpstreamFailure): GatewayError {
  const wasUp = failure.kind === 'reset' || failure.kind === 'invalid_response'
  return new GatewayError(
    wasUp ? 'upstream_error' : 'backend_unavailable',
    `${candidate.group}: ${label(candidate)} at ${failure.message}.`,
    { cause: failure.cause },
  )
}

export function timeoutError(candidate: Candidate, deadlines: Deadlines, kind: DeadlineKind): GatewayError {
  return new GatewayError(
    'upstream_timeout',
    `${candidate.group}: ${label(candidate)} ${timeoutWords(deadlines, kind)}.`,
  )
}

export function timeoutWords({ firstByteMs, idleMs, totalMs }: Deadlines, kind: DeadlineKind): string {
  const waited = { first_output: firstByteMs, idle: idleMs, total: totalMs }[kind] / 1000
  const what = { first_output: 'sent no output within', idle: 'fell silent for', total: 'was not done after' }[kind]
  return `${what} ${waited} s`
}

export function cutStream(candidate: Candidate): GatewayError {
  return new GatewayError(
    'upstream_stream_cut',
    `${candidate.group}: the stream of ${label(candidate)} ended before the answer was complete.`,
  )
}

export function invalidAnswer(candidate: Candidate, what: string): GatewayError {
  return new GatewayError('upstream_invalid_answer', `${candidate.group}: ${label(candidate)} sent ${what}.`)
}
