import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { ModelRequest, OutputFormat, ReasoningEffort, ReasoningWish } from '../../model/model-request.ts'
import { invalid, optionalNumber, optionalObject, optionalText, optionalWhole, pick, rest } from './fields.ts'
import { readSchema } from './read-schema.ts'

type ConfigFields = Partial<
  Pick<
    ModelRequest,
    | 'count'
    | 'frequencyPenalty'
    | 'logprobs'
    | 'maxOutputTokens'
    | 'outputFormat'
    | 'presencePenalty'
    | 'reasoning'
    | 'seed'
    | 'stop'
    | 'temperature'
    | 'topK'
    | 'topP'
  >
>

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] }

const known = [
  'candidateCount',
  'frequencyPenalty',
  'logprobs',
  'maxOutputTokens',
  'presencePenalty',
  'responseJsonSchema',
  'responseLogprobs',
  'responseMimeType',
  'responseSchema',
  'seed',
  'stopSequences',
  'temperature',
  'thinkingConfig',
  'topK',
  'topP',
]

const at = 'generationConfig.'

/** Reads `generationConfig`; `left` is what has no place in the canonical request. @throws GatewayError naming the field */
export function readConfig(body: JsonObject): { fields: ConfigFields; left: JsonObject } {
  const config = optionalObject(body, 'generationConfig') ?? {}
  const left = rest(config, known)
  const fields: Mutable<ConfigFields> = {}
  setNumbers(fields, config)
  const stop = readStops(config)
  if (stop.length > 0) fields.stop = stop
  if (pick(config, 'responseLogprobs') === true) {
    fields.logprobs = { top: optionalWhole(config, 'logprobs', 0, at) }
  }
  const format = readFormat(config)
  if (format === 'other') left.responseMimeType = pick(config, 'responseMimeType') ?? null
  else if (format !== undefined) fields.outputFormat = format
  const reasoning = readThinking(config)
  if (reasoning !== undefined) fields.reasoning = reasoning
  if (isTextOnly(left.responseModalities)) delete left.responseModalities
  if (isTextOnly(left.response_modalities)) delete left.response_modalities
  return { fields, left }
}

function setNumbers(fields: Mutable<ConfigFields>, config: JsonObject): void {
  const set = <Name extends keyof ConfigFields>(name: Name, value: ConfigFields[Name] | undefined): void => {
    if (value !== undefined) fields[name] = value
  }
  set('temperature', optionalNumber(config, 'temperature', at))
  set('topP', optionalNumber(config, 'topP', at))
  set('topK', optionalNumber(config, 'topK', at))
  set('seed', optionalNumber(config, 'seed', at))
  set('presencePenalty', optionalNumber(config, 'presencePenalty', at))
  set('frequencyPenalty', optionalNumber(config, 'frequencyPenalty', at))
  set('maxOutputTokens', optionalWhole(config, 'maxOutputTokens', 1, at))
  const count = optionalWhole(config, 'candidateCount', 1, at)
  set('count', count === 1 ? undefined : count)
}

function readStops(config: JsonObject): string[] {
  const stops = pick(config, 'stopSequences')
  if (stops === undefined) return []
  if (!Array.isArray(stops) || !stops.every((stop) => typeof stop === 'string')) {
    throw invalid(`${at}stopSequences`, 'a list of texts')
  }
  return stops
}

/** `other`: a type that is neither text nor JSON, such as `text/x.enum`. */
function readFormat(config: JsonObject): OutputFormat | 'other' | undefined {
  const mimeType = optionalText(config, 'responseMimeType', at)
  const schema = pick(config, 'responseJsonSchema') ?? pick(config, 'responseSchema')
  if (mimeType === undefined && schema === undefined) return undefined
  if (mimeType === 'text/plain') return { type: 'text' }
  if (mimeType !== undefined && mimeType !== 'application/json') return 'other'
  if (schema === undefined) return { type: 'json_object' }
  return {
    type: 'json_schema',
    name: undefined,
    description: undefined,
    schema: readSchema(schema, `${at}responseSchema`),
    strict: undefined,
  }
}

const efforts: Readonly<Record<string, ReasoningEffort>> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
}

/** A budget of 0 switches thinking off, −1 leaves it to the model. Thoughts come back only when they are asked for. */
function readThinking(config: JsonObject): ReasoningWish | undefined {
  const thinking = optionalObject(config, 'thinkingConfig', at)
  if (thinking === undefined) return undefined
  const visible = pick(thinking, 'includeThoughts') === true
  const level = optionalText(thinking, 'thinkingLevel', `${at}thinkingConfig.`)?.toUpperCase()
  const effort = level === undefined || !Object.hasOwn(efforts, level) ? undefined : efforts[level]
  const budget = optionalNumber(thinking, 'thinkingBudget', `${at}thinkingConfig.`)
  if (effort !== undefined) return { effort, visible }
  if (budget === 0) return { effort: 'none', visible }
  return budget === undefined || budget < 0 ? { visible } : { budgetTokens: Math.round(budget), visible }
}

function isTextOnly(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string' && entry.toUpperCase() === 'TEXT')
}
