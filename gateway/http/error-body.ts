import { chatErrorBody } from '../dialects/chat-completions/error-body.ts'
import type { Dialect } from '../model/dialect.ts'
import type { GatewayError } from '../model/errors.ts'

/** The shape of answers for a path: errors speak the language of the API that was asked. Gemini and Anthropic paths by prefix, all else OpenAI. */
export function dialectOfPath(path: string): Dialect {
  if (/^\/(?:v1\/)?v1beta\//u.test(path)) return 'gemini'
  if (/^\/(?:v1\/)?v1\/messages(?:\/|$)/u.test(path)) return 'messages'
  if (/^(?:\/v1)?(?:\/v1)?\/responses(?:\/|$)/u.test(path)) return 'responses'
  return 'chat-completions'
}

/** The JSON body of an error in the shape of a dialect (wire-formats §1.6, §2, §3). Pure. */
export function errorBody(error: GatewayError, dialect: Dialect, callId: string | undefined): object {
  if (dialect === 'messages') {
    return {
      type: 'error',
      error: { type: anthropicType(error), message: error.message },
      ...(callId === undefined ? {} : { request_id: callId }),
    }
  }
  if (dialect === 'gemini') {
    return {
      error: {
        code: error.status,
        message: error.message,
        status: googleStatus(error.status),
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: error.code, domain: 'signalbox' }],
      },
    }
  }
  return chatErrorBody(error)
}

/** Headers that tell a client what to do with an error: retry, when, and where keys go. */
export function errorHeaders(error: GatewayError): Record<string, string> {
  const headers: Record<string, string> = {}
  if (!error.shouldRetry) headers['x-should-retry'] = 'false'
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(0, Math.ceil(error.retryAfterMs / 1000)))
    headers['retry-after-ms'] = String(Math.max(0, Math.ceil(error.retryAfterMs)))
  }
  if (error.status === 401) headers['www-authenticate'] = 'Bearer'
  return headers
}

const anthropicTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

function anthropicType(error: GatewayError): string {
  return anthropicTypes[error.status] ?? (error.status < 500 ? 'invalid_request_error' : 'api_error')
}

const googleStatuses: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

function googleStatus(status: number): string {
  return googleStatuses[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL')
}
