import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { readChatErrorObject, readChatFailure, type UpstreamName } from '../chat-wire/chat-failure.ts'

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
  const code = typeof error.code === 'string' ? error.code : ''
  const status = statusByCode[code]
  if (status === undefined) return readChatErrorObject(name, error)
  // Read as the refusal that it would have been before the stream.
  const message = typeof error.message === 'string' ? error.message : ''
  const param = typeof error.param === 'string' ? error.param : null
  const body = Buffer.from(JSON.stringify({ error: { message, param, code } }))
  const read = readChatFailure(name, status, {}, body)
  if (!policyCodes.has(code)) return read
  return new GatewayError('content_policy_violation', read.message, { upstream: { status, code } })
}
