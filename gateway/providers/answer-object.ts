import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject } from '../model/json.ts'

/** Whose answer it is and what it should be (`a chat completion`), for the sentence when it is something else. */
export interface ExpectedAnswer {
  readonly provider: string
  readonly upstreamModel: string
}

/** Parses a complete answer. Throws GatewayError `upstream_invalid_answer` for what is no JSON object: a login page, cut JSON. */
export function parseAnswerObject(name: ExpectedAnswer, wanted: string, body: Buffer): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    throw invalidAnswer(name, wanted, 'something that is not JSON')
  }
  if (!isJsonObject(value)) throw invalidAnswer(name, wanted, 'JSON that is not an object')
  return value
}

export function invalidAnswer(name: ExpectedAnswer, wanted: string, seen: string): GatewayError {
  return new GatewayError(
    'upstream_invalid_answer',
    `${name.provider} (model ${name.upstreamModel}) sent ${seen} where ${wanted} was expected. Check api_base.`,
  )
}
