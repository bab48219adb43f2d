import type { ErrorCode, UpstreamWords } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'

/** An upstream's refusal: its status, its own words for it, its sentence, and the whole error object. */
export interface Refusal {
  readonly status: number
  readonly words: UpstreamWords
  readonly sentence: string
  readonly error: JsonObject
}

/** Puts a refusal into one of our classes: what the upstream's own code says first, then its text, then the status. */
export function classifyRefusal(refusal: Refusal): ErrorCode {
  const { status } = refusal
  if (overflowStatuses.has(status) && isContextOverflow(refusal)) return 'context_length_exceeded'
  if (isContentPolicy(refusal)) return 'content_policy_violation'
  if (isQuota(refusal)) return 'provider_payment_required'
  if (status === 400 && badKey.test(`${refusal.words.code ?? ''} ${refusal.sentence}`)) return 'provider_key_refused'
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
  409: 'conflict',
  413: 'body_too_large',
  422: 'upstream_unprocessable',
  425: 'rate_limited',
  429: 'rate_limited',
  // Groq: no flex capacity now.
  498: 'upstream_error',
  504: 'upstream_timeout',
}

/** Gemini and xAI answer a wrong key with 400. */
const badKey = /API_KEY_INVALID|API key not valid|incorrect API key/i

const overflowStatuses = new Set([400, 403, 413, 422, 500, 502])

const contextMarks =
  /maximum context length|context window|prompt is too long|exceed context limit|input is too long|exceeds the maximum number of tokens|too large for model with|reduce the length of the messages|maximum prompt length|available context size|greater than the context length|exceeded model token limit/i

/** Words of OpenAI and its kin, of llama.cpp, and Z.ai's number. */
const overflowWords = new Set(['context_length_exceeded', 'exceed_context_size_error', '1261'])

function isContextOverflow({ words, sentence }: Refusal): boolean {
  if (overflowWords.has(words.code ?? '') || overflowWords.has(words.type ?? '')) return true
  return contextMarks.test(sentence)
}

/** Words of OpenAI and Azure, and Z.ai's number. */
const policyWords = new Set(['content_policy_violation', 'content_filter', 'invalid_prompt', '1301'])

const policyMarks = /violat\w* our usage polic|rejected as a result of our safety system|content exists risk/i

function isContentPolicy({ status, words, sentence, error }: Refusal): boolean {
  // OpenRouter's moderation names its reasons.
  if (status === 403) return isJsonObject(error.metadata) && Array.isArray(error.metadata.reasons)
  return status === 400 && (policyWords.has(words.code ?? '') || policyMarks.test(sentence))
}

/** Limits that no waiting cures: the operator has to pay or to change the plan. `1113` is Z.ai's, for a wrong endpoint too. */
const quotaWords = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  '1113',
])

function isQuota({ status, words }: Refusal): boolean {
  return status === 429 && (quotaWords.has(words.code ?? '') || quotaWords.has(words.type ?? ''))
}
