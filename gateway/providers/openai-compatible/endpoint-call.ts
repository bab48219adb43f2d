import { GatewayError } from '../../model/errors.ts'
import { isJsonObject } from '../../model/json.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { readChatErrorObject, type UpstreamName } from '../chat-wire/chat-failure.ts'
import { readChatUsage } from '../chat-wire/chat-usage.ts'
import type { CompleteAnswer } from '../provider.ts'

/**
 * Reads the answer of an endpoint that is no conversation: its bytes and type go to the client as they are; usage is
 * taken where the answer is JSON and has one. Throws GatewayError for an error object that came with status 200.
 */
export function readEndpointAnswer(name: UpstreamName, body: Buffer, headers: UpstreamHeaders): CompleteAnswer {
  const type = headers['content-type']
  const contentType = typeof type === 'string' ? type : 'application/octet-stream'
  const asStream = (): never => {
    throw new GatewayError(
      'upstream_invalid_answer',
      `${name.provider} did not answer with the stream that was asked for.`,
    )
  }
  if (!/^application\/(?:[^;]+\+)?json/i.test(contentType)) return { body, contentType, usage: null, asStream }
  const answer = parse(name, body)
  if (isJsonObject(answer) && isJsonObject(answer.error)) throw readChatErrorObject(name, answer.error)
  return { body, contentType, usage: isJsonObject(answer) ? readChatUsage(answer) : null, asStream }
}

function parse(name: UpstreamName, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new GatewayError(
      'upstream_invalid_answer',
      `${name.provider} (model ${name.upstreamModel}) said it sends JSON and sent something else.`,
    )
  }
}
