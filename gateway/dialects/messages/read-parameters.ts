import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import {
  type ModelRequest,
  type OutputFormat,
  reasoningEfforts,
  type ReasoningWish,
} from '../../model/model-request.ts'
import { readEndUser } from '../control-fields.ts'
import {
  isAbsent,
  notCarried,
  readCount,
  readList,
  readNumber,
  readObject,
  readText,
  wrongField,
} from './field-checks.ts'

type Parameters = Pick<
  ModelRequest,
  'maxOutputTokens' | 'temperature' | 'topP' | 'topK' | 'stop' | 'outputFormat' | 'reasoning' | 'serviceTier' | 'user'
>

/** The fields of a request that are neither turns nor tools. Throws GatewayError 400 naming the field. */
export function readParameters(body: JsonObject): Parameters {
  if (body.max_tokens === 0) throw notCarried('max_tokens', 'A request that only warms the cache (max_tokens 0)')
  const stop = readList(body.stop_sequences, 'stop_sequences').map((text, index) =>
    readText(text, `stop_sequences.${index}`),
  )
  return withoutAbsent({
    maxOutputTokens: readCount(body.max_tokens, 'max_tokens'),
    temperature: readNumber(body.temperature, 'temperature'),
    topP: readNumber(body.top_p, 'top_p'),
    topK: readNumber(body.top_k, 'top_k'),
    stop: stop.length === 0 ? undefined : stop,
    outputFormat: readOutputFormat(body),
    reasoning: readReasoning(body),
    serviceTier: readServiceTier(body.service_tier),
    user: readEndUser({ metadata: body.metadata ?? null }),
  })
}

/** An absent field must be absent, not undefined. */
function withoutAbsent(fields: { [Name in keyof Parameters]?: Parameters[Name] | undefined }): Parameters {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function readServiceTier(value: JsonValue | undefined): string | undefined {
  if (isAbsent(value)) return undefined
  const tier = readText(value, 'service_tier')
  return tier === 'standard_only' ? 'default' : tier
}

/** `output_config.format`, or `output_format` as earlier betas had it. */
function readOutputFormat(body: JsonObject): OutputFormat | undefined {
  const config = isAbsent(body.output_config) ? {} : readObject(body.output_config, 'output_config')
  const path = isAbsent(config.format) ? 'output_format' : 'output_config.format'
  const format = isAbsent(config.format) ? body.output_format : config.format
  if (isAbsent(format)) return undefined
  if (!isJsonObject(format)) throw wrongField(path, 'an object')
  if (format.type !== 'json_schema') throw wrongField(`${path}.type`, '"json_schema"')
  return {
    type: 'json_schema',
    name: undefined,
    description: undefined,
    schema: readObject(format.schema, `${path}.schema`),
    strict: true,
  }
}

/** `thinking` and `output_config.effort`: the first says whether and within which budget, the second how hard. */
function readReasoning(body: JsonObject): ReasoningWish | undefined {
  const config = isAbsent(body.output_config) ? {} : readObject(body.output_config, 'output_config')
  const effort = readEffort(config.effort)
  if (isAbsent(body.thinking)) return effort === undefined ? undefined : { effort }
  const thinking = readObject(body.thinking, 'thinking')
  const level = effort === undefined ? {} : { effort }
  const visible = thinking.display === 'omitted' ? { visible: false } : {}
  switch (thinking.type) {
    case 'disabled':
      return { effort: 'none' }
    case 'adaptive':
    case 'between_tools':
      return { ...level, ...visible }
    case 'enabled': {
      const budgetTokens = readCount(thinking.budget_tokens, 'thinking.budget_tokens')
      return { ...level, ...(budgetTokens === undefined ? {} : { budgetTokens }), ...visible }
    }
    default:
      throw wrongField('thinking.type', '"enabled", "adaptive" or "disabled"')
  }
}

function readEffort(value: JsonValue | undefined): ReasoningWish['effort'] {
  if (isAbsent(value)) return undefined
  const known = reasoningEfforts.find((level) => level === value)
  if (known === undefined) throw wrongField('output_config.effort', `one of ${reasoningEfforts.join(', ')}`)
  return known
}
