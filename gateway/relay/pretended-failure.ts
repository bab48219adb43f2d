import { type ErrorCode, GatewayError } from '../model/errors.ts'
import type { RequestControls } from '../model/request-controls.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { RelayRequest } from './relay-request.ts'

type MockFailure = NonNullable<RequestControls['mockFailure']>

const failures: Readonly<Record<MockFailure, { readonly code: ErrorCode; readonly field: string }>> = {
  any: { code: 'upstream_error', field: 'mock_testing_fallbacks' },
  context_window: { code: 'context_length_exceeded', field: 'mock_testing_context_fallbacks' },
  content_policy: { code: 'content_policy_violation', field: 'mock_testing_content_policy_fallbacks' },
  rate_limit: { code: 'rate_limited', field: 'mock_testing_rate_limit_error' },
  timeout: { code: 'upstream_timeout', field: 'mock_timeout' },
}

/** LiteLLM's fields for trying out a chain: the first group fails, nothing is sent to it and nobody is blamed. */
export interface Pretence {
  /** Undefined = this candidate is asked in earnest. */
  failureOf(candidate: Candidate): GatewayError | undefined
}

/** What the request wants pretended; undefined = nothing. Who may ask for that is decided where requests come in. Pure. */
export function createPretence({ plan, facts }: Pick<RelayRequest, 'plan' | 'facts'>): Pretence | undefined {
  const kind = facts.controls.mockFailure
  const first = plan.candidates[0]
  if (kind === undefined || first === undefined) return undefined
  const { code, field } = failures[kind]
  return {
    failureOf: ({ group, chainIndex }) =>
      group === first.group && chainIndex === first.chainIndex
        ? new GatewayError(code, `${group} did not fail: ${field} in the request pretends that it did.`)
        : undefined,
  }
}
