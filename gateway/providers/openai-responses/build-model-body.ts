import { flattenToolNames, type FlatToolNames } from '../../model/flatten-tools.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ModelCall } from '../provider.ts'
import { responsesDefaults, withDefault } from './default-fields.ts'
import { modelRules } from './model-rules.ts'
import { Warnings } from './warnings.ts'
import { searchTool, writeExtensions } from './write-extensions.ts'
import { writeInput } from './write-input.ts'
import { writeParameters } from './write-parameters.ts'
import { writeToolChoice, writeTools } from './write-tools.ts'

export interface ResponsesBody {
  readonly bytes: Buffer
  readonly names: FlatToolNames
  readonly warnings: readonly string[]
}

/** At most this many cache breakpoints count in one request. */
const mostCacheMarks = 4

/** Writes a canonical request as a Responses body. @throws GatewayError 400 naming a field that cannot be carried */
export function buildModelBody(call: ModelCall): ResponsesBody {
  const { deployment, request } = call
  const warnings = new Warnings()
  const rules = modelRules(deployment.upstreamModel)
  const names = flattenToolNames(request.tools, request.turns)
  const tools = [...writeTools(deployment.provider, request, names, warnings), ...searchTool(request)]
  const toolChoice = writeToolChoice(request, names)
  const body: JsonObject = {
    model: deployment.upstreamModel,
    input: withJsonWord(call, keepLastMarks(writeInput(call, names, warnings))),
    ...writeExtensions(deployment.provider, request, warnings),
    ...writeParameters(deployment, request, rules, warnings),
    ...(tools.length === 0 ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
  }
  for (const [field, value] of Object.entries(responsesDefaults(call.defaults))) {
    body[field] = withDefault(body[field], value)
  }
  // Nothing of a translated conversation is to be looked up again, so its reasoning state has to come along.
  body.store ??= false
  if (rules.reasons === true) body.include = including(body.include, 'reasoning.encrypted_content')
  if (body.top_logprobs !== undefined) body.include = including(body.include, 'message.output_text.logprobs')
  if (request.stream) body.stream = true
  dropRefused(body, deployment.refusedFields, deployment.provider, warnings)
  return { bytes: Buffer.from(JSON.stringify(body)), names, warnings: warnings.list }
}

function including(include: unknown, wanted: string): string[] {
  const others = Array.isArray(include) ? include.filter((entry) => typeof entry === 'string' && entry !== wanted) : []
  return [...others, wanted]
}

function dropRefused(body: JsonObject, refused: readonly string[], provider: string, warnings: Warnings): void {
  for (const field of refused) {
    if (!(field in body)) continue
    delete body[field]
    warnings.add(`dropped ${field}: ${provider} does not accept it`)
  }
}

/** JSON mode is refused unless the word stands in the conversation; other dialects do not ask for that. */
function withJsonWord(call: ModelCall, input: JsonObject[]): JsonObject[] {
  if (call.request.outputFormat?.type !== 'json_object' || /json/i.test(JSON.stringify(input))) return input
  const role = modelRules(call.deployment.upstreamModel).reasons === true ? 'developer' : 'system'
  return [{ type: 'message', role, content: [{ type: 'input_text', text: 'Answer with JSON.' }] }, ...input]
}

/** More marks than the API takes: the last ones cover the most. */
function keepLastMarks(input: JsonObject[]): JsonObject[] {
  const marked = input.flatMap((item) =>
    Array.isArray(item.content) ? (item.content as JsonObject[]).filter((part) => part.prompt_cache_breakpoint) : [],
  )
  for (const part of marked.slice(0, Math.max(0, marked.length - mostCacheMarks))) delete part.prompt_cache_breakpoint
  return input
}
