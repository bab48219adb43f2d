import { controlFields } from '../../model/gateway-fields.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { DialectInput } from '../codec.ts'
import { optionalFlag } from './field-reader.ts'
import { readMessages } from './read-messages.ts'
import { knownFields, readParameters } from './read-parameters.ts'
import { readToolChoice, readTools } from './read-tools.ts'

/**
 * Reads a chat completion request. Lenient where nothing is lost: null counts as absent, unknown fields are kept as
 * extensions, parts and tools of unknown types as they are.
 * @throws GatewayError 400 with the path of the field for wrong types, missing names and ids, and broken base64
 */
export function readChatRequest({ body, url }: DialectInput): ModelRequest {
  const toolChoice = readToolChoice(body)
  const tools = readTools(body)
  return {
    dialect: 'chat-completions',
    stream: url.stream ?? optionalFlag(body, 'stream') ?? false,
    turns: readMessages(body),
    ...tools,
    ...readParameters(body),
    // The deprecated form has one call at most.
    ...(tools.legacyFunctions === true ? { parallelToolCalls: false } : {}),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    extensions: extensionsOf(body, knownFields),
    warnings: [],
  }
}

/** Fields that nobody here knows, as they came; those that speak to the gateway are left out. */
export function extensionsOf(body: JsonObject, known: ReadonlySet<string>): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(body).filter(([key, value]) => !known.has(key) && !controlFields.has(key) && value !== null),
  )
}
