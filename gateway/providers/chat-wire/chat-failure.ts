import { GatewayError, type ErrorCode, type ErrorOptions, type UpstreamWords } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { KeyReference } from '../../config/gateway-config.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { readRetryAfter } from './retry-after.ts'

/** Who failed, for the sentence: the deployment's provider and the model as sent. */
export interface UpstreamName {
  readonly provider: string
  readonly upstreamModel: string
  /** The key it was called with: an upstream that quotes it in an error must not tell it to our clients. */
  readonly apiKey?: KeyReference
}

/** Longest upstream sentence that is handed on. */
const maxMessageLength = 2_000

/**
 * Turns an answer of status ≥ 300 into our error: our code, the upstream's sentence and its own code beside it. Status
 * classes follow the rules that providers document; see `contextMarks` for the overflow texts.
 */
export function readChatFailure(
  name: UpstreamName,
  status: number,
  headers: UpstreamHeaders,
  body: Buffer,
): GatewayError {
  const error = errorObjectOf(body)
  const words = upstreamWords(status, error)
  const sentence = sentenceOf(name, error)
  const code = codeFor(status, words, sentence)
  const options: Mutable<ErrorOptions> = { upstream: words, status: statusFor(code, status) }
  if (typeof error.param === 'string') options.param = error.param
  const retryAfterMs = readRetryAfter(headers)
  if (retryAfterMs !== undefined) options.retryAfterMs = retryAfterMs
  return new GatewayError(code, explain(name, code, status, sentence), options)
}

/** Turns an error object that came with status 200, whole or in a stream, into our error. */
export function readChatErrorObject(name: UpstreamName, error: JsonObject): GatewayError {
  const claimed = typeof error.code === 'number' && error.code >= 400 && error.code < 600 ? error.code : 502
  const words = upstreamWords(claimed, error)
  const sentence = sentenceOf(name, error)
  const code = codeFor(claimed, words, sentence)
  return new GatewayError(code, explain(name, code, claimed, sentence), {
    upstream: words,
    status: statusFor(code, claimed),
  })
}

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] }

function errorObjectOf(body: Buffer): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    if (!isJsonObject(parsed)) return {}
    if (isJsonObject(parsed.error)) return parsed.error
    // Ollama and some proxies send `{"error": "text"}`; FastAPI servers send `{"detail": …}` or `{"message": …}`.
    if (typeof parsed.error === 'string') return { message: parsed.error }
    return {
      message: textOf(parsed.message) ?? textOf(parsed.detail) ?? '',
      code: parsed.code ?? null,
      type: parsed.type ?? null,
    }
  } catch {
    return {}
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? undefined : JSON.stringify(value)
}

function sentenceOf(name: UpstreamName, error: JsonObject): string {
  const text = withoutKey(textOf(error.message) ?? '', name.apiKey)
  return text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text
}

/** Short keys, `none` or `sk-1234`, are words that a sentence may hold for other reasons. */
const shortestSecret = 8

function withoutKey(text: string, key: KeyReference | undefined): string {
  const secret = key?.kind === 'value' ? key.secret.reveal() : ''
  return secret.length < shortestSecret ? text : text.replaceAll(secret, '[key]')
}

function upstreamWords(status: number, error: JsonObject): UpstreamWords {
  const words: Mutable<UpstreamWords> = { status }
  if (typeof error.code === 'string' || typeof error.code === 'number') words.code = String(error.code)
  if (typeof error.type === 'string') words.type = error.type
  return words
}

function codeFor(status: number, words: UpstreamWords, sentence: string): ErrorCode {
  if (overflowStatuses.has(status) && isContextOverflow(words, sentence)) return 'context_length_exceeded'
  if (status === 400 && isContentPolicy(words)) return 'content_policy_violation'
  const exact = codeByStatus[status]
  if (exact !== undefined) return exact
  if (status < 400) return 'upstream_invalid_answer'
  return status >= 500 ? 'upstream_error' : 'upstream_bad_request'
}

const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'provider_key_refused',
  402: 'provider_payment_required',
  403: 'provider_permission_denied',
  404: 'upstream_not_found',
  408: 'upstream_timeout',
  413: 'body_too_large',
  422: 'upstream_unprocessable',
  425: 'rate_limited',
  429: 'rate_limited',
  504: 'upstream_timeout',
}

/** The status that the client sees: the upstream's where it is one a client knows, 503 for Anthropic's 529, 502 for a redirect. */
function statusFor(code: ErrorCode, status: number): number {
  if (code === 'context_length_exceeded' || code === 'content_policy_violation') return 400
  if (code === 'rate_limited') return 429
  if (code === 'upstream_invalid_answer') return 502
  return status === 529 ? 503 : status
}

const overflowStatuses = new Set([400, 403, 413, 422, 500, 502])

const contextMarks =
  /maximum context length|context window|prompt is too long|exceed context limit|input is too long|exceeds the maximum number of tokens|too large for model with|reduce the length of the messages|maximum prompt length|available context size|greater than the context length|exceeded model token limit/i

function isContextOverflow(words: UpstreamWords, sentence: string): boolean {
  if (words.code === 'context_length_exceeded' || words.type === 'exceed_context_size_error') return true
  return contextMarks.test(sentence)
}

function isContentPolicy(words: UpstreamWords): boolean {
  return words.code === 'content_policy_violation' || words.code === 'content_filter'
}

function explain(name: UpstreamName, code: ErrorCode, status: number, sentence: string): string {
  const who = `${name.provider} (model ${name.upstreamModel})`
  const tail = sentence === '' ? '' : `: ${sentence}`
  switch (code) {
    case 'provider_key_refused':
      return `${who} refuses its key with status ${status}${tail}. Check the provider's key in the config or keychain.`
    case 'upstream_not_found':
      return `${who} answered 404${tail}. The model may be gone, or api_base may lack /v1.`
    case 'upstream_invalid_answer':
      return `${who} answered ${status}, and redirects are not followed. Check api_base.`
    case 'context_length_exceeded':
    case 'content_policy_violation':
      return sentence === '' ? `${who} refused the request with status ${status}.` : sentence
    default:
      return `${who} answered ${status}${tail}`
  }
}
