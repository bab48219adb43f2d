import { GatewayError } from '../../model/errors.ts'
import { flattenToolNames, type FlatToolNames } from '../../model/flatten-tools.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { OutputFormat } from '../../model/model-request.ts'
import type { ModelCall } from '../provider.ts'
import type { CallContext } from './call-context.ts'
import { chooseContext, type ContextChoice, type ContextFacts } from './context-size.ts'
import { writeMessages } from './write-messages.ts'
import { writeOptions } from './write-options.ts'
import { writeThink } from './write-thinking.ts'
import { writeTools } from './write-tools.ts'

export interface OllamaRequest {
  readonly body: JsonObject
  readonly warnings: readonly string[]
  readonly names: FlatToolNames
  readonly context: ContextFacts & Pick<ContextChoice, 'effective' | 'numCtx'>
}

/**
 * Writes a request without a dialect as the body of `POST /api/chat` (docs.ollama.com/api/chat).
 *
 * @param raised what earlier calls of this deployment raised `num_ctx` to
 * @throws GatewayError `unsupported_field` for what cannot be carried, `context_length_exceeded` for what cannot fit
 */
export function buildOllamaBody(call: ModelCall, raised: number | undefined): OllamaRequest {
  const { request, deployment } = call
  const warnings = new Set<string>()
  const names = flattenToolNames(request.tools, request.turns)
  const context: CallContext = { deployment, names, warn: (text) => warnings.add(text) }
  const messages = writeMessages(request.turns, context)
  const tools = writeTools(request, context)
  const { top, options } = writeOptions(request, call.defaults, context)
  const facts = contextFacts(messages, tools, options, call, raised)
  const choice = chooseContext(facts)
  if (choice.impossible) throw tooLong(call, facts)
  if (choice.warning !== undefined) context.warn(choice.warning)
  const think = writeThink(request.reasoning, context)
  const format = writeFormat(request.outputFormat)
  const body: JsonObject = {
    ...top,
    model: deployment.upstreamModel,
    messages,
    stream: request.stream,
    ...(tools.length === 0 ? {} : { tools }),
    ...(format === undefined ? {} : { format }),
    ...(think === undefined ? {} : { think }),
  }
  const written = choice.numCtx === undefined ? options : { ...options, num_ctx: choice.numCtx }
  if (Object.keys(written).length > 0) body.options = written
  for (const field of deployment.refusedFields) delete body[field]
  return { body, warnings: [...warnings], names, context: { ...facts, ...choice } }
}

function writeFormat(format: OutputFormat | undefined): JsonValue | undefined {
  if (format === undefined || format.type === 'text') return undefined
  return format.type === 'json_object' ? 'json' : format.schema
}

/** Bytes of JSON per token: few for the careful estimate, many for the other. */
const fewBytes = 3
const manyBytes = 8
const tokensPerImage = 1_000
const usualOutput = 2_048
const mostOutput = 8_192

function contextFacts(
  messages: readonly JsonObject[],
  tools: readonly JsonObject[],
  options: JsonObject,
  { deployment, request }: ModelCall,
  raised: number | undefined,
): ContextFacts {
  const images = messages.reduce((sum, { images: list }) => sum + (Array.isArray(list) ? list.length : 0), 0)
  const text = JSON.stringify([messages.map(({ images: _images, ...rest }) => rest), tools])
  const bytes = Buffer.byteLength(text)
  return {
    inputAtMost: Math.ceil(bytes / fewBytes) + images * tokensPerImage,
    inputAtLeast: Math.floor(bytes / manyBytes),
    output: Math.min(request.maxOutputTokens ?? usualOutput, mostOutput),
    written: typeof options.num_ctx === 'number' ? options.num_ctx : undefined,
    raised,
    loaded: deployment.local?.loadedContext,
    trained: deployment.contextWindow,
  }
}

function tooLong({ deployment }: ModelCall, { inputAtLeast, trained }: ContextFacts): GatewayError {
  const size = trained === undefined ? 'its context' : `its context of ${trained} tokens`
  return new GatewayError(
    'context_length_exceeded',
    `${deployment.provider} (model ${deployment.upstreamModel}): the request has at least ${inputAtLeast} tokens and does not fit ${size}. Ollama would cut it without a word. Shorten it or ask a model with a larger context.`,
    { param: 'messages' },
  )
}
