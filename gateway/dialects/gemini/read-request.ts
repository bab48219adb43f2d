import { controlFields } from '../../model/gateway-fields.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { DialectInput } from '../codec.ts'
import { optionalText, pick, requireShallow, rest } from './fields.ts'
import { readConfig } from './read-config.ts'
import { readToolChoice, readTools } from './read-tools.ts'
import { readTurns } from './read-turns.ts'

const known = [
  'contents',
  'generationConfig',
  'model',
  'serviceTier',
  'stream',
  'systemInstruction',
  'toolConfig',
  'tools',
  'user',
]

/**
 * Reads a generateContent request (ai.google.dev/api/generate-content) in either spelling of its fields.
 * @throws GatewayError 400 naming the field
 */
export function readGeminiRequest({ body, url }: DialectInput): ModelRequest {
  requireShallow(body)
  const { fields, left } = readConfig(body)
  const toolChoice = readToolChoice(body)
  const serviceTier = optionalText(body, 'serviceTier')?.toLowerCase()
  const user = typeof body.user === 'string' && body.user !== '' ? body.user : undefined
  return {
    dialect: 'gemini',
    stream: url.stream === true,
    turns: readTurns(body),
    tools: readTools(body),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...fields,
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(user === undefined ? {} : { user }),
    extensions: readExtensions(body, left),
    warnings: [],
  }
}

function readExtensions(body: JsonObject, configLeft: JsonObject): JsonObject {
  const extensions: JsonObject = {}
  for (const [key, value] of Object.entries(rest(body, known))) {
    if (!controlFields.has(key) && key !== 'metadata') extensions[key] = value
  }
  if (Object.keys(configLeft).length > 0) extensions.generationConfig = configLeft
  const config = pick(body, 'toolConfig')
  const configRest = isJsonObject(config) ? rest(config, ['functionCallingConfig']) : {}
  if (Object.keys(configRest).length > 0) extensions.toolConfig = configRest
  return extensions
}
