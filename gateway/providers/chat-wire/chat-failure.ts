import { type ErrorCode, GatewayError, type ErrorOptions, type UpstreamWords } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { KeyReference } from '../../config/gateway-config.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { classifyRefusal } from './failure-classes.ts'
import { readRetryAfter, readRetryText } from './retry-after.ts'

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
  const code = classifyRefusal({ status, words, sentence, error })
  const options: Mutable<ErrorOptions> = { upstream: words, status: statusFor(code, status) }
  if (typeof error.param === 'string') options.param = error.param
  const retryAfterMs = readRetryAfter(headers) ?? (code === 'rate_limited' ? readRetryText(sentence) : undefined)
  if (retryAfterMs !== undefined) options.retryAfterMs = retryAfterMs
  return new GatewayError(code, explain(name, code, status, sentence), options)
}

/** Turns an error object that came with status 200, whole or in a stream, into our error. */
export function readChatErrorObject(name: UpstreamName, error: JsonObject): GatewayError {
  const claimed = typeof error.code === 'number' && error.code >= 400 && error.code < 600 ? error.code : 502
  const words = upstreamWords(claimed, error)
  const sentence = sentenceOf(name, error)
  const code = classifyRefusal({ status: claimed, words, sentence, error })
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

/** The status that the client sees: the upstream's where it is one a client knows, 503 for Anthropic's 529, 502 for a redirect. */
function statusFor(code: ErrorCode, status: number): number {
  if (code === 'context_length_exceeded' || code === 'content_policy_violation') return 400
  if (code === 'rate_limited') return 429
  if (code === 'provider_payment_required') return 402
  if (code === 'provider_key_refused') return 401
  if (status === 498) return 503
  if (code === 'upstream_invalid_answer') return 502
  return status === 529 ? 503 : status
}

function explain(name: UpstreamName, code: ErrorCode, status: number, sentence: string): string {
  const who = `${name.provider} (model ${name.upstreamModel})`
  const tail = sentence === '' ? '' : `: ${sentence}`
  switch (code) {
    case 'provider_key_refused':
      return `${who} refuses its key with status ${status}${tail}. Check the provider's key in the config or keychain.`
    case 'provider_payment_required':
      return `${who} answered ${status}${tail}. Its balance or plan is used up, or the plan needs another api_base.`
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
