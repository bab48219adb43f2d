import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { ModelCall } from '../provider.ts'
import type { CallContext } from './call-context.ts'
import { readDefaults } from './defaults.ts'
import { writeRemainingFields } from './dropped-fields.ts'
import { writeGenerationConfig } from './generation-config.ts'
import { traitsOf } from './model-traits.ts'
import { type GeminiToolNames, geminiToolNames } from './tool-names.ts'
import { writeTools } from './write-tools.ts'
import { writeTurns } from './write-contents.ts'

export interface GeminiRequest {
  readonly body: JsonObject
  readonly warnings: readonly string[]
  readonly names: GeminiToolNames
}

/**
 * Writes a request without a dialect as the body of generateContent (ai.google.dev/api/generate-content).
 * @throws GatewayError `unsupported_field` for what cannot be carried
 */
export function writeGeminiRequest(call: ModelCall): GeminiRequest {
  const { request, deployment } = call
  const warnings = new Set<string>()
  const names = geminiToolNames(request.tools, request.turns)
  const context: CallContext = {
    deployment,
    traits: traitsOf(deployment.upstreamModel),
    scope: call.scope,
    names,
    warn: (text) => warnings.add(text),
  }
  const { config, instruction } = writeGenerationConfig(request, context)
  const { system, contents } = writeTurns(request.turns, context, instruction)
  const defaults = readDefaults(call.defaults, context.traits, context.warn)
  const written: JsonObject = { contents: [...contents] }
  if (system.length > 0) written.systemInstruction = { parts: [...system] }
  Object.assign(written, writeTools(request, context))
  const generationConfig = { ...defaults.generationConfig, ...config }
  if (Object.keys(generationConfig).length > 0) written.generationConfig = generationConfig
  const remaining = { ...defaults.fields, ...writeRemainingFields(request, context) }
  if (isJsonObject(remaining.toolConfig) && isJsonObject(written.toolConfig)) {
    written.toolConfig = { ...remaining.toolConfig, ...written.toolConfig }
  }
  const body = withoutRefused({ ...remaining, ...written }, context)
  return { body, warnings: [...warnings], names }
}

function withoutRefused(body: JsonObject, context: CallContext): JsonObject {
  for (const key of context.deployment.refusedFields) {
    if (!Object.hasOwn(body, key)) continue
    context.warn(`dropped ${key}: ${context.deployment.provider} does not accept it`)
    delete body[key]
  }
  return body
}
