import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'

/** The last event of a passed-through stream that broke: a response that failed, never a fake success. */
export function failedEvent(response: JsonObject, sequence: number, error: GatewayError): Buffer {
  const failed = {
    type: 'response.failed',
    sequence_number: sequence,
    response: {
      object: 'response',
      output: [],
      ...response,
      status: 'failed',
      error: { code: failureCode(error), message: error.message },
    },
  }
  return Buffer.from(`event: response.failed\ndata: ${JSON.stringify(failed)}\n\n`)
}

/** The words that Responses clients act on; anything else is the server's fault and may be tried again. */
function failureCode(error: GatewayError): string {
  if (error.code === 'rate_limited') return 'rate_limit_exceeded'
  if (error.code === 'provider_payment_required') return 'insufficient_quota'
  if (error.code === 'content_policy_violation') return 'invalid_prompt'
  return error.code === 'context_length_exceeded' ? error.code : 'server_error'
}
