import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { readChatErrorObject, readChatFailure, type UpstreamName } from '../chat-wire/chat-failure.ts'

/**
 * Turns an answer of status ≥ 400 into our error; the body is `{"error": "text"}`. A full queue is a rate limit (busy, not
 * broken), a model that was not pulled says how to get it.
 */
export function readOllamaFailure(
  name: UpstreamName,
  status: number,
  headers: UpstreamHeaders,
  body: Buffer,
): GatewayError {
  const read = readChatFailure(name, status, headers, body)
  const text = errorText(body)
  if (status === 503 && /maximum pending requests/i.test(text)) {
    return new GatewayError('rate_limited', `${who(name)} is busy: its queue is full (OLLAMA_MAX_QUEUE).`, {
      upstream: { status },
    })
  }
  if (status === 404 && /model .* not found/i.test(text)) {
    return new GatewayError(
      'upstream_not_found',
      `${who(name)} does not have this model. On its machine run: ollama pull ${name.upstreamModel}`,
      { upstream: { status } },
    )
  }
  // A request without a user message breaks the template: no other server would do better with it (ollama#18107).
  if (status === 500 && /no user query found/i.test(text)) {
    return new GatewayError('upstream_bad_request', `${who(name)} answered 500: ${text}`, { upstream: { status } })
  }
  return read
}

/** An error in place of an answer, or as a line in the middle of one. */
export function readOllamaErrorLine(name: UpstreamName, line: JsonObject): GatewayError | undefined {
  if (line.error === undefined || line.error === null) return undefined
  const error = isJsonObject(line.error) ? line.error : { message: line.error }
  return readChatErrorObject(name, error)
}

function errorText(body: Buffer): string {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isJsonObject(value) && typeof value.error === 'string' ? value.error : ''
  } catch {
    return ''
  }
}

function who({ provider, upstreamModel }: UpstreamName): string {
  return `${provider} (model ${upstreamModel})`
}
