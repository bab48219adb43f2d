import { GatewayError, type UpstreamWords } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { readChatFailure, type UpstreamName } from '../chat-wire/chat-failure.ts'

/** The status that an error type stands for, where it comes inside a 200. */
const statusByType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

/** Spend limits come as 429 or 400, but no waiting cures them: the account's owner must act. */
const spendLimits: ReadonlySet<string> = new Set(['enforced_spend_limit_reached', 'contract_spend_limit_reached'])

/** Turns an answer of status ≥ 400 into our error. The upstream's sentence is kept: clients key on some of them. */
export function readAnthropicFailure(
  name: UpstreamName,
  status: number,
  headers: UpstreamHeaders,
  body: Buffer,
): GatewayError {
  const failure = readChatFailure(name, status, headers, body)
  const error = errorOf(body)
  const words: UpstreamWords = { status, ...failure.upstream, ...moreOf(error, name) }
  const reason = isJsonObject(error.details) ? error.details.error_code : undefined
  const isSpendLimit = typeof reason === 'string' && spendLimits.has(reason)
  const isEmptyAccount = status === 400 && /credit balance is too low/i.test(failure.message)
  if (isSpendLimit || isEmptyAccount) {
    return new GatewayError('provider_payment_required', failure.message, {
      upstream: typeof reason === 'string' ? { ...words, code: reason } : words,
    })
  }
  if (words.more === undefined) return failure
  return new GatewayError(failure.code, failure.message, {
    status: failure.status,
    upstream: words,
    ...(failure.param === null ? {} : { param: failure.param }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  })
}

/** Turns an error object that came with status 200, whole or as an event of a stream, into our error. */
export function readAnthropicErrorObject(name: UpstreamName, error: JsonObject): GatewayError {
  const type = typeof error.type === 'string' ? error.type : ''
  return readAnthropicFailure(name, statusByType[type] ?? 502, {}, Buffer.from(JSON.stringify({ error })))
}

/** Far more than the service sends. */
const mostMoreBytes = 8_192

/** `details` and whatever the service adds to its errors later; never more than a little, nor with the key in it. */
function moreOf(error: JsonObject, { apiKey }: UpstreamName): Pick<UpstreamWords, 'more'> {
  const { type: _type, message: _message, ...more } = error
  const text = JSON.stringify(more)
  const secret = apiKey?.kind === 'value' ? apiKey.secret.reveal() : ''
  if (text === '{}' || text.length > mostMoreBytes || (secret !== '' && text.includes(secret))) return {}
  return { more }
}

function errorOf(body: Buffer): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    return isJsonObject(parsed) && isJsonObject(parsed.error) ? parsed.error : {}
  } catch {
    return {}
  }
}
