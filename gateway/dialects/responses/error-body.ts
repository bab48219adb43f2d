import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'

/** An error in OpenAI's shape, with the upstream's own words beside ours where there was one. */
export function responsesErrorBody(error: GatewayError): JsonObject {
  const body: JsonObject = { message: error.message, type: error.type, param: error.param, code: error.code }
  if (error.upstream !== undefined) {
    const { status, code, type } = error.upstream
    body.upstream = { status, code: code ?? null, type: type ?? null }
  }
  return { error: body }
}

/** The error of a response that failed. The codes are those that Responses clients act on. */
export function failedResponseError(error: GatewayError): JsonObject {
  return { code: failureCode(error), message: withWait(error) }
}

function failureCode(error: GatewayError): string {
  switch (error.code) {
    case 'context_length_exceeded':
      return 'context_length_exceeded'
    case 'rate_limited':
      return error.upstream?.code === 'insufficient_quota' ? 'insufficient_quota' : 'rate_limit_exceeded'
    case 'provider_payment_required':
      return 'insufficient_quota'
    case 'content_policy_violation':
      return 'invalid_prompt'
    default:
      return 'server_error'
  }
}

/** Codex reads the wait from the sentence. */
function withWait(error: GatewayError): string {
  if (error.code !== 'rate_limited' || error.retryAfterMs === undefined) return error.message
  if (/try again in/i.test(error.message)) return error.message
  return `${error.message} Try again in ${Math.ceil(error.retryAfterMs / 1000)}s.`
}
