import { isJsonObject, type JsonObject } from '../../model/json.ts'
import {
  type ModelRequest,
  type OutputFormat,
  type ReasoningEffort,
  reasoningEfforts,
  type ReasoningWish,
} from '../../model/model-request.ts'
import {
  invalidField,
  isAbsent,
  missingField,
  optionalCount,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
} from './field-reader.ts'

type Parameters = Omit<ModelRequest, 'dialect' | 'stream' | 'turns' | 'tools' | 'extensions' | 'warnings'>

/** Limits, sampling and the other wishes of a chat completion; a field the client left out or null is left out. */
export function readParameters(body: JsonObject): Partial<Parameters> {
  const limit = optionalCount(body, 'max_completion_tokens') ?? optionalCount(body, 'max_tokens')
  return present({
    maxOutputTokens: limit,
    temperature: optionalNumber(body, 'temperature'),
    topP: optionalNumber(body, 'top_p'),
    topK: optionalNumber(body, 'top_k'),
    stop: readStop(body),
    seed: optionalNumber(body, 'seed'),
    frequencyPenalty: optionalNumber(body, 'frequency_penalty'),
    presencePenalty: optionalNumber(body, 'presence_penalty'),
    count: optionalCount(body, 'n'),
    logprobs: readLogprobs(body),
    logitBias: optionalObject(body, 'logit_bias'),
    outputFormat: readFormat(body),
    reasoning: readReasoningWish(body),
    verbosity: optionalText(body, 'verbosity'),
    serviceTier: optionalText(body, 'service_tier'),
    user: optionalText(body, 'safety_identifier') ?? optionalText(body, 'user'),
    metadata: readMetadata(body),
    promptCacheKey: optionalText(body, 'prompt_cache_key'),
    parallelToolCalls: optionalFlag(body, 'parallel_tool_calls'),
    wantsUsageChunk: optionalObject(body, 'stream_options')?.include_usage === true ? true : undefined,
  })
}

/** Fields that are read here or elsewhere in this folder: everything else is an extension. */
export const knownFields: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'parallel_tool_calls',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'n',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'response_format',
  'reasoning_effort',
  'reasoning',
  'thinking',
  'verbosity',
  'service_tier',
  'user',
  'safety_identifier',
  'metadata',
  'prompt_cache_key',
])

/** Exact optional properties: an absent wish has no key. */
export function present<Fields extends object>(
  fields: { [Key in keyof Fields]: Fields[Key] | undefined },
): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>
}

function readStop(body: JsonObject): readonly string[] | undefined {
  const { stop } = body
  if (isAbsent(stop)) return undefined
  const list = Array.isArray(stop) ? stop : [stop]
  return list.map((text) => {
    if (typeof text !== 'string') throw invalidField('stop', 'a text or a list of texts')
    return text
  })
}

function readLogprobs(body: JsonObject): { top: number | undefined } | undefined {
  const top = optionalNumber(body, 'top_logprobs')
  const wanted = typeof body.logprobs === 'number' ? body.logprobs > 0 : optionalFlag(body, 'logprobs') === true
  return wanted || (top !== undefined && top > 0) ? { top } : undefined
}

/** Tags speak to the gateway. */
function readMetadata(body: JsonObject): JsonObject | undefined {
  const metadata = optionalObject(body, 'metadata')
  if (metadata === undefined) return undefined
  const { tags: _tags, ...rest } = metadata
  return Object.keys(rest).length === 0 ? undefined : rest
}

function readFormat(body: JsonObject): OutputFormat | undefined {
  const format = optionalObject(body, 'response_format')
  if (format === undefined) return undefined
  if (format.type === 'text') return { type: 'text' }
  if (format.type === 'json_object') {
    // llama.cpp's clients put the schema here.
    return isJsonObject(format.schema) ? schemaFormat({ schema: format.schema }) : { type: 'json_object' }
  }
  if (format.type !== 'json_schema') throw invalidField('response_format.type', 'text, json_object or json_schema')
  if (!isJsonObject(format.json_schema)) throw missingField('response_format.json_schema', 'an object')
  return schemaFormat(format.json_schema)
}

function schemaFormat(source: JsonObject): OutputFormat {
  const { name, description, schema, strict } = source
  if (!isJsonObject(schema)) throw missingField('response_format.json_schema.schema', 'a JSON Schema')
  return {
    type: 'json_schema',
    name: typeof name === 'string' ? name : undefined,
    description: typeof description === 'string' ? description : undefined,
    schema,
    strict: typeof strict === 'boolean' ? strict : undefined,
  }
}

/** `reasoning_effort`, OpenRouter's `reasoning`, or the `thinking` of Z.ai, DeepSeek and others. */
function readReasoningWish(body: JsonObject): ReasoningWish | undefined {
  const reasoning = optionalObject(body, 'reasoning')
  const thinking = optionalObject(body, 'thinking')
  const written = optionalText(body, 'reasoning_effort') ?? reasoning?.effort ?? thinking?.effort
  const effort = isAbsent(written) || written === 'default' ? switchedOff(reasoning, thinking) : readEffort(written)
  const budget = [reasoning?.max_tokens, thinking?.budget_tokens].find((value) => typeof value === 'number')
  if (effort === undefined && budget === undefined && reasoning === undefined && thinking === undefined)
    return undefined
  return present<ReasoningWish>({
    effort,
    budgetTokens: budget,
    visible: reasoning?.exclude === true ? false : undefined,
  })
}

function switchedOff(reasoning: JsonObject | undefined, thinking: JsonObject | undefined): ReasoningEffort | undefined {
  return thinking?.type === 'disabled' || reasoning?.enabled === false ? 'none' : undefined
}

function readEffort(value: unknown): ReasoningEffort {
  const effort = reasoningEfforts.find((known) => known === value)
  if (effort === undefined) throw invalidField('reasoning_effort', `one of ${reasoningEfforts.join(', ')}`)
  return effort
}
