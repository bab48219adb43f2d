import { controlFields } from '../../model/gateway-fields.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { Turn } from '../../model/parts.ts'
import type { DialectInput } from '../codec.ts'
import { invalidField, unsupportedField } from './field-errors.ts'
import { readInput } from './read-items.ts'
import { readParameters } from './read-parameters.ts'
import { readToolChoice, readTools } from './read-tools.ts'

/** Reads a Responses request. @throws GatewayError 400 naming the field that is wrong or asks for kept state */
export function readResponsesRequest({ body, url }: DialectInput): ModelRequest {
  refuseDeepNesting(body)
  refuseKeptState(body)
  const input = readInput(body.input)
  const toolChoice = readToolChoice(body.tool_choice)
  return {
    dialect: 'responses',
    stream: url.stream ?? body.stream === true,
    turns: [...readInstructions(body.instructions), ...input.turns],
    tools: [...readTools(body.tools), ...input.tools],
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...readParameters(body),
    echo: echoOf(body),
    extensions: extensionsOf(body),
    warnings: body.store === true ? ['store: the answer is not kept and cannot be fetched later'] : [],
  }
}

function readInstructions(instructions: JsonValue | undefined): Turn[] {
  if (instructions === undefined || instructions === null || instructions === '') return []
  if (typeof instructions !== 'string') throw invalidField('instructions', 'a text')
  return [{ role: 'system', parts: [{ type: 'text', text: instructions }] }]
}

function refuseKeptState(body: JsonObject): void {
  for (const field of ['previous_response_id', 'conversation']) {
    if (body[field] === undefined || body[field] === null) continue
    throw unsupportedField(field, 'no conversation is held here. Send the whole history in "input".')
  }
  if (body.background === true) {
    throw unsupportedField('background', 'answers are not kept to be fetched later. Leave it out.')
  }
  if (body.prompt !== undefined && body.prompt !== null) {
    throw unsupportedField('prompt', 'prompt templates are stored at OpenAI. Send their text in "input".')
  }
}

/** What an answer repeats: clients check these members against what they sent. */
const echoed = [
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'parallel_tool_calls',
  'prompt_cache_key',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
]

function echoOf(body: JsonObject): JsonObject {
  return Object.fromEntries(echoed.flatMap((field) => (body[field] === undefined ? [] : [[field, body[field]]])))
}

/** Fields that are read above, or that ask for nothing here that would be lost. */
const read: ReadonlySet<string> = new Set([
  ...echoed.filter((field) => field !== 'max_tool_calls' && field !== 'truncation'),
  'background',
  'client_metadata',
  'conversation',
  'include',
  'input',
  'model',
  'previous_response_id',
  'prompt',
  'store',
  'stream',
  'stream_options',
])

function extensionsOf(body: JsonObject): JsonObject {
  // A null stands for the default everywhere in this dialect, and `disabled` is what truncation is anyway.
  const rest = Object.entries(body).filter(
    ([field, value]) =>
      !read.has(field) &&
      !controlFields.has(field) &&
      value !== null &&
      !(field === 'truncation' && value === 'disabled'),
  )
  return Object.fromEntries(rest)
}

const deepestNesting = 500

/** Walks with a list of its own: no depth can overflow the stack, here or in anything that reads the request later. */
function refuseDeepNesting(body: JsonObject): void {
  for (const [field, value] of Object.entries(body)) if (isNested(value)) refuseDeepField(field, value)
}

function refuseDeepField(field: string, nested: JsonValue): void {
  let level: JsonValue[] = [nested]
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > deepestNesting) {
      throw invalidField(field.slice(0, 100), `nested less than ${deepestNesting} levels deep`)
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value).filter(isNested) : [],
    )
  }
}

function isNested(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null
}
