import { chatErrorBody } from '../dialects/chat-completions/error-body.ts'
import { geminiErrorBody } from '../dialects/gemini/error-body.ts'
import { messagesErrorBody } from '../dialects/messages/error-body.ts'
import { responsesErrorBody } from '../dialects/responses/error-body.ts'
import type { Dialect } from '../model/dialect.ts'
import type { GatewayError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'

/** The shape of answers for a path: errors speak the language of the API that was asked. Gemini and Anthropic paths by prefix, all else OpenAI. */
export function dialectOfPath(path: string): Dialect {
  if (/^\/(?:v1\/)?v1beta\//u.test(path)) return 'gemini'
  if (/^\/(?:v1\/)?v1\/messages(?:\/|$)/u.test(path)) return 'messages'
  if (/^(?:\/v1)?(?:\/v1)?\/responses(?:\/|$)/u.test(path)) return 'responses'
  return 'chat-completions'
}

/** The JSON body of an error in the shape of a dialect, the same as the dialect's own answers have (wire-formats §7.5). Pure. */
export function errorBody(error: GatewayError, dialect: Dialect, callId: string): JsonObject {
  if (dialect === 'messages') return messagesErrorBody(error, callId)
  if (dialect === 'gemini') return geminiErrorBody(error)
  return dialect === 'responses' ? responsesErrorBody(error) : chatErrorBody(error)
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
