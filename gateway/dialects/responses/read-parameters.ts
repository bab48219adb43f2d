import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import {
  type ModelRequest,
  type OutputFormat,
  reasoningEfforts,
  type ReasoningWish,
} from '../../model/model-request.ts'
import { invalidField } from './field-errors.ts'

type Parameters = Omit<ModelRequest, 'dialect' | 'stream' | 'turns' | 'tools' | 'extensions' | 'warnings'>

/** Everything of a request but its conversation and tools. @throws GatewayError `invalid_field` naming the field */
export function readParameters(body: JsonObject): Parameters {
  return {
    ...optional('parallelToolCalls', readBoolean(body, 'parallel_tool_calls')),
    ...optional('maxOutputTokens', readNumber(body, 'max_output_tokens')),
    ...optional('temperature', readNumber(body, 'temperature')),
    ...optional('topP', readNumber(body, 'top_p')),
    ...optional('logprobs', readLogprobs(body)),
    ...optional('outputFormat', readFormat(textOptions(body).format)),
    ...optional('verbosity', stringOf(textOptions(body).verbosity)),
    ...optional('reasoning', readReasoning(body.reasoning)),
    ...optional('serviceTier', stringOf(body.service_tier)),
    ...optional('user', stringOf(body.safety_identifier) ?? stringOf(body.user)),
    ...optional('metadata', isJsonObject(body.metadata) ? body.metadata : undefined),
    ...optional('promptCacheKey', stringOf(body.prompt_cache_key)),
  }
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [Name in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [Name in Key]: Value })
}

function readNumber(body: JsonObject, field: string): number | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw invalidField(field, 'a number')
  return value
}

function readBoolean(body: JsonObject, field: string): boolean | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw invalidField(field, 'true or false')
  return value
}

function stringOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function textOptions(body: JsonObject): JsonObject {
  const { text } = body
  if (text === undefined || text === null) return {}
  if (!isJsonObject(text)) throw invalidField('text', 'an object')
  return text
}

function readLogprobs(body: JsonObject): { top: number | undefined } | undefined {
  const top = readNumber(body, 'top_logprobs')
  const included = Array.isArray(body.include) && body.include.includes('message.output_text.logprobs')
  return included || (top ?? 0) > 0 ? { top } : undefined
}

function readFormat(format: JsonValue | undefined): OutputFormat | undefined {
  if (format === undefined || format === null) return undefined
  if (!isJsonObject(format)) throw invalidField('text.format', 'an object')
  if (format.type === 'text' || format.type === 'json_object') return { type: format.type }
  if (format.type !== 'json_schema') throw invalidField('text.format.type', '"text", "json_object" or "json_schema"')
  if (!isJsonObject(format.schema)) throw invalidField('text.format.schema', 'a JSON schema')
  return {
    type: 'json_schema',
    name: stringOf(format.name),
    description: stringOf(format.description),
    schema: format.schema,
    strict: typeof format.strict === 'boolean' ? format.strict : undefined,
  }
}

function readReasoning(reasoning: JsonValue | undefined): ReasoningWish | undefined {
  if (reasoning === undefined || reasoning === null) return undefined
  if (!isJsonObject(reasoning)) throw invalidField('reasoning', 'an object')
  const effort = reasoningEfforts.find((known) => known === reasoning.effort)
  if (effort === undefined && reasoning.effort !== undefined && reasoning.effort !== null) {
    throw invalidField('reasoning.effort', `one of ${reasoningEfforts.join(', ')}`)
  }
  const wantsSummary = typeof (reasoning.summary ?? reasoning.generate_summary) === 'string'
  return { ...optional('effort', effort), ...(wantsSummary ? { visible: true } : {}) }
}
