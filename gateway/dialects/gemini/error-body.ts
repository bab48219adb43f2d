import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'

const statusWords: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'FAILED_PRECONDITION',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** Clients tell a conversation that is too long by these words of the service. */
const overflowWords = 'The input token count exceeds the maximum number of tokens allowed.'

/**
 * An error in Google's shape (google.rpc.Status): our stable word stands as the reason of an ErrorInfo, how long to wait
 * in a RetryInfo.
 */
export function geminiErrorBody(error: GatewayError): JsonObject {
  const details: JsonValue[] = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: error.code,
      domain: 'signalbox',
      ...(error.param === null ? {} : { metadata: { field: error.param } }),
    },
  ]
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.max(0, Math.ceil(error.retryAfterMs / 1000))
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` })
  }
  return { error: { code: error.status, message: messageOf(error), status: statusWord(error.status), details } }
}

function messageOf(error: GatewayError): string {
  if (error.code !== 'context_length_exceeded' || /input token count/i.test(error.message)) return error.message
  return `${overflowWords} ${error.message}`
}

function statusWord(status: number): string {
  return statusWords[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL')
}
