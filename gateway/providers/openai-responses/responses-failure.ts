import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { readChatErrorObject, type UpstreamName } from '../chat-wire/chat-failure.ts'

/** Status that a code inside a response stands for: what the same trouble gives before a stream. */
const statusByCode: Readonly<Record<string, number>> = {
  context_length_exceeded: 400,
  invalid_prompt: 400,
  bio_policy: 400,
  cyber_policy: 400,
  misalignment_policy_violation: 400,
  image_content_policy_violation: 400,
  content_policy_violation: 400,
  invalid_encrypted_content: 400,
  invalid_image: 400,
  invalid_image_format: 400,
  invalid_base64_image: 400,
  invalid_image_url: 400,
  image_too_large: 400,
  image_parse_error: 400,
  failed_to_download_image: 400,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  usage_not_included: 429,
  server_is_overloaded: 503,
  slow_down: 503,
}

const policyCodes = new Set([
  'invalid_prompt',
  'bio_policy',
  'cyber_policy',
  'misalignment_policy_violation',
  'image_content_policy_violation',
])

/** Turns the error of `response.failed`, of an `error` event or of a complete answer into ours. */
export function readResponsesError(name: UpstreamName, written: JsonValue | undefined): GatewayError {
  const error: JsonObject = isJsonObject(written) ? written : { message: typeof written === 'string' ? written : '' }
  const code = typeof error.code === 'string' ? error.code : undefined
  const status = code === undefined ? undefined : statusByCode[code]
  const upstream = { status: status ?? 502, ...(code === undefined ? {} : { code }) }
  if (status === undefined) return readChatErrorObject(name, error)
  // The shared reader takes a status from a numeric code; ours is put back beside it.
  const read = readChatErrorObject(name, { ...error, code: status })
  const isPolicy = code !== undefined && policyCodes.has(code)
  const isOverflow = code === 'context_length_exceeded'
  const ours = isPolicy ? 'content_policy_violation' : isOverflow ? 'context_length_exceeded' : read.code
  return new GatewayError(ours, read.message, {
    status: read.status,
    upstream,
    ...waitOf(error.message),
  })
}

/** OpenAI writes the wait into the sentence: `try again in 1.5s`, `in 20ms`. */
function waitOf(message: JsonValue | undefined): { retryAfterMs?: number } {
  if (typeof message !== 'string') return {}
  const found = /try again in (\d+(?:\.\d+)?)\s*(ms|s)/i.exec(message)
  if (found === null) return {}
  return { retryAfterMs: Math.ceil(Number(found[1]) * (found[2]?.toLowerCase() === 'ms' ? 1 : 1000)) }
}
