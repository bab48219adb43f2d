import type { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'

/** Error types of this dialect by status; others follow their class. */
const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** What makes @anthropic-ai/sdk send the whole conversation again without a thread (its `ThreadState.recoversFrom`). */
const threadDetails = { error_code: 'thread_unsupported_request', unsupported: ['thread'] }

/** Sentences on a full context that Claude Code acts on: it shortens the conversation, or asks for less output. */
const knownOverflow = /^prompt is too long|exceed context limit/i

/**
 * An error in Anthropic's shape, with what else its own service said (`details`) where it was asked. What the gateway adds for people (our code, the field, the upstream's own status) stands
 * beside the type, where this dialect's clients do not look.
 */
export function messagesErrorBody(error: GatewayError, callId: string): JsonObject {
  const own = { type: errorType(error), message: sentence(error), code: error.code }
  const detail: JsonObject = { ...error.upstream?.more, ...own }
  if (error.param !== null) detail.param = error.param
  if (error.code === 'unsupported_field' && error.param === 'thread') detail.details = threadDetails
  if (error.upstream !== undefined) {
    const { status, code, type } = error.upstream
    detail.upstream = { status, code: code ?? null, type: type ?? null }
  }
  return { type: 'error', error: detail, request_id: callId }
}

/** The status for this dialect's clients: an overloaded upstream is 529 to them, which their SDK waits on. */
export function messagesErrorStatus(error: GatewayError): number {
  const isOverloaded = error.upstream?.status === 529 || (error.upstream?.status === 503 && error.status === 503)
  return isOverloaded ? 529 : error.status
}

function errorType(error: GatewayError): string {
  const status = messagesErrorStatus(error)
  return types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
}

function sentence(error: GatewayError): string {
  if (error.code !== 'context_length_exceeded' || knownOverflow.test(error.message)) return error.message
  const numbers = tokenNumbers(error.message)
  return `prompt is too long: ${numbers === undefined ? '' : `${numbers} (`}${error.message}${numbers === undefined ? '' : ')'}`
}

/** The two numbers of an overflow in the form that Claude Code reads, where a sentence names exactly two. */
function tokenNumbers(message: string): string | undefined {
  const found = [...message.matchAll(/\d[\d,]{2,}/g)].map(([digits]) => Number(digits.replaceAll(',', '')))
  const distinct = [...new Set(found)].sort((left, right) => left - right)
  const [limit, sent] = distinct
  return distinct.length === 2 && limit !== undefined && sent !== undefined
    ? `${sent} tokens > ${limit} maximum`
    : undefined
}
