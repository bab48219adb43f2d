import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { reasoningEfforts } from '../../model/model-request.ts'
import type { ModelTraits } from './model-traits.ts'
import { thinkingConfig } from './thinking-config.ts'

/** Defaults of a deployment, sorted into this API's places. */
export interface GeminiDefaults {
  readonly fields: JsonObject
  readonly generationConfig: JsonObject
}

/** Names under which a config file may write a field of the generation config. */
const configNames: Readonly<Record<string, string>> = {
  frequency_penalty: 'frequencyPenalty',
  frequencyPenalty: 'frequencyPenalty',
  max_completion_tokens: 'maxOutputTokens',
  max_output_tokens: 'maxOutputTokens',
  max_tokens: 'maxOutputTokens',
  maxOutputTokens: 'maxOutputTokens',
  presence_penalty: 'presencePenalty',
  presencePenalty: 'presencePenalty',
  seed: 'seed',
  temperature: 'temperature',
  thinkingConfig: 'thinkingConfig',
  top_k: 'topK',
  top_p: 'topP',
  topK: 'topK',
  topP: 'topP',
}

const topNames: Readonly<Record<string, string>> = {
  cachedContent: 'cachedContent',
  cached_content: 'cachedContent',
  labels: 'labels',
  safetySettings: 'safetySettings',
  safety_settings: 'safetySettings',
  serviceTier: 'serviceTier',
  service_tier: 'serviceTier',
  toolConfig: 'toolConfig',
}

/**
 * Sorts the fields that a config gives a deployment into top-level fields and `generationConfig`. Sampling, limits and
 * `reasoning_effort` may be written as for chat completions; a name that this API does not have is dropped with a warning.
 */
export function readDefaults(
  defaults: Readonly<Record<string, JsonValue>>,
  traits: ModelTraits,
  warn: (text: string) => void,
): GeminiDefaults {
  const fields: JsonObject = {}
  const config: JsonObject = {}
  for (const [key, value] of Object.entries(defaults)) {
    if (key === 'generationConfig' && isJsonObject(value)) Object.assign(config, value)
    else if (key === 'stop' || key === 'stopSequences') config.stopSequences = Array.isArray(value) ? value : [value]
    else if (key === 'reasoning_effort') Object.assign(config, effortConfig(value, traits, warn))
    else if (Object.hasOwn(configNames, key)) config[configNames[key] ?? key] = value
    else if (Object.hasOwn(topNames, key)) fields[topNames[key] ?? key] = value
    else warn(`dropped the configured ${key}: Gemini has no such field`)
  }
  return { fields, generationConfig: config }
}

function effortConfig(value: JsonValue, traits: ModelTraits, warn: (text: string) => void): JsonObject {
  const effort = reasoningEfforts.find((known) => known === value)
  const thinking = effort === undefined ? undefined : thinkingConfig({ effort }, traits.thinking, warn)
  return thinking === undefined ? {} : { thinkingConfig: thinking }
}
