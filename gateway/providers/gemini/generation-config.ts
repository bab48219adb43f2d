import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { ModelRequest, OutputFormat } from '../../model/model-request.ts'
import { type CallContext, unsupported } from './call-context.ts'
import { compileSchema } from './schema.ts'
import { thinkingConfig } from './thinking-config.ts'

/** Most stop sequences that the API takes. */
const mostStops = 5
/** A limit below this is used up by thinking alone before the first word of the answer. */
const tightLimit = 1_024
const thinkingRoom = 2_048

export interface WrittenConfig {
  readonly config: JsonObject
  /** What has to be said in words, because the model takes no format beside tools. */
  readonly instruction: string | undefined
}

/** `generationConfig`: sampling, limits, format of the answer and thinking. */
export function writeGenerationConfig(request: ModelRequest, context: CallContext): WrittenConfig {
  if (request.count !== undefined && request.count > 1) {
    throw unsupported(context, 'n', 'more than one answer cannot be translated. Send the request several times.')
  }
  const config: JsonObject = isOwn(request) ? ownConfig(request) : {}
  if (request.temperature !== undefined) config.temperature = clampTemperature(request.temperature, context)
  if (request.topP !== undefined) config.topP = request.topP
  if (request.topK !== undefined) config.topK = request.topK
  if (request.seed !== undefined) config.seed = request.seed
  if (request.presencePenalty !== undefined) config.presencePenalty = request.presencePenalty
  if (request.frequencyPenalty !== undefined) config.frequencyPenalty = request.frequencyPenalty
  const stops = stopSequences(request, context)
  if (stops.length > 0) config.stopSequences = stops
  const thinking = thinkingConfig(request.reasoning, context.traits.thinking, context.warn)
  if (thinking !== undefined) config.thinkingConfig = thinking
  const limit = outputLimit(request, thinking?.thinkingBudget === 0, context)
  if (limit !== undefined) config.maxOutputTokens = limit
  const instruction = setFormat(config, request, context)
  return { config, instruction }
}

function isOwn(request: ModelRequest): boolean {
  return request.dialect === 'gemini'
}

/** What the client's own generation config held beyond the fields that every dialect has. */
function ownConfig(request: ModelRequest): JsonObject {
  const rest = request.extensions.generationConfig
  return isJsonObject(rest) ? { ...rest } : {}
}

function clampTemperature(temperature: number, context: CallContext): number {
  if (temperature <= 2) return temperature
  context.warn(`temperature ${temperature} became 2, the highest that Gemini takes`)
  return 2
}

function stopSequences(request: ModelRequest, context: CallContext): string[] {
  const stops = (request.stop ?? []).filter((stop) => stop !== '')
  if (stops.length > mostStops) context.warn(`only ${mostStops} of ${stops.length} stop sequences were sent`)
  return stops.slice(0, mostStops)
}

/** The limit of this API includes thinking, so a small one gets room for it where the model cannot do without. */
function outputLimit(request: ModelRequest, thinkingOff: boolean, context: CallContext): number | undefined {
  const wanted = request.maxOutputTokens
  if (wanted === undefined) return undefined
  const { thinking } = context.traits
  const alwaysThinks = thinking.kind === 'levels' || (thinking.kind === 'budget' && !thinkingOff)
  const roomy = alwaysThinks && wanted < tightLimit ? wanted + thinkingRoom : wanted
  if (roomy !== wanted) context.warn(`the output limit of ${wanted} became ${roomy}, as thinking counts towards it`)
  const most = context.deployment.maxOutputTokens
  if (most === undefined || roomy <= most) return roomy
  context.warn(`the output limit of ${wanted} became ${most}, the most that the model gives`)
  return most
}

function setFormat(config: JsonObject, request: ModelRequest, context: CallContext): string | undefined {
  const format = request.outputFormat
  if (format === undefined || format.type === 'text') return undefined
  const hasFunctions = request.tools.some((tool) => tool.type !== 'hosted')
  if (hasFunctions && !context.traits.jsonWithTools) {
    context.warn('the format of the answer is asked for in words: this model takes no format beside tools')
    return inWords(format)
  }
  config.responseMimeType = 'application/json'
  if (format.type === 'json_schema') {
    const { schema, lost } = compileSchema(format.schema)
    if (lost.length > 0) context.warn(`the schema of the answer lost ${lost.join(', ')}`)
    if (Object.keys(schema).length > 0) config.responseJsonSchema = schema
  }
  return undefined
}

function inWords(format: Exclude<OutputFormat, { type: 'text' }>): string {
  const head = 'Give the final answer as one JSON object, without Markdown and without any other text.'
  return format.type === 'json_object'
    ? head
    : `${head} It must match this JSON Schema: ${JSON.stringify(format.schema)}`
}
