import { type ErrorCode, GatewayError } from '../model/errors.ts'
import type { RequestControls } from '../model/request-controls.ts'
import type { Candidate } from '../routing/plan-types.ts'

type MockFailure = NonNullable<RequestControls['mockFailure']>

const failures: Readonly<Record<MockFailure, { readonly code: ErrorCode; readonly field: string }>> = {
  any: { code: 'upstream_error', field: 'mock_testing_fallbacks' },
  context_window: { code: 'context_length_exceeded', field: 'mock_testing_context_fallbacks' },
  content_policy: { code: 'content_policy_violation', field: 'mock_testing_content_policy_fallbacks' },
  rate_limit: { code: 'rate_limited', field: 'mock_testing_rate_limit_error' },
  timeout: { code: 'upstream_timeout', field: 'mock_timeout' },
}

/** The failure that LiteLLM's fields for trying out a chain ask for: nothing is sent, and nobody is blamed. Pure. */
export function pretendedFailure(kind: MockFailure, { group }: Candidate): GatewayError {
  const { code, field } = failures[kind]
  return new GatewayError(code, `${group} did not fail: ${field} in the request pretends that it did.`)
}

/** Chains are tried out on the machine itself: others get no way to make our models look broken. */
export function mayPretend(remoteAddress: string | undefined): boolean {
  return remoteAddress !== undefined && /^(?:127\.|::1$|::ffff:127\.)/.test(remoteAddress)
}
