import { controlFields } from '../../model/gateway-fields.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import { type CallContext, unsupported } from './call-context.ts'

/** The body's own fields beside messages and tools, and `options`. */
export interface WrittenOptions {
  readonly top: JsonObject
  readonly options: JsonObject
}

/** Names under which a config or a chat request may write one of `options` (docs/modelfile of Ollama). */
const optionNames: Readonly<Record<string, string>> = {
  frequency_penalty: 'frequency_penalty',
  max_completion_tokens: 'num_predict',
  max_output_tokens: 'num_predict',
  max_tokens: 'num_predict',
  min_p: 'min_p',
  mirostat: 'mirostat',
  mirostat_eta: 'mirostat_eta',
  mirostat_tau: 'mirostat_tau',
  num_batch: 'num_batch',
  num_ctx: 'num_ctx',
  num_gpu: 'num_gpu',
  num_keep: 'num_keep',
  num_predict: 'num_predict',
  num_thread: 'num_thread',
  presence_penalty: 'presence_penalty',
  repeat_last_n: 'repeat_last_n',
  repeat_penalty: 'repeat_penalty',
  repetition_penalty: 'repeat_penalty',
  seed: 'seed',
  stop: 'stop',
  temperature: 'temperature',
  top_k: 'top_k',
  top_p: 'top_p',
  typical_p: 'typical_p',
}

const topNames: ReadonlySet<string> = new Set(['format', 'keep_alive', 'think'])

/** Fields that a wire without them fulfils anyway, or that only speak to a gateway. */
const meaningless: ReadonlySet<string> = new Set([
  ...controlFields,
  'client_metadata',
  'include',
  'modalities',
  'store',
  'stream',
  'stream_options',
  'truncation',
])

/** Sampling, limits and Ollama's own fields: what the request says over what the config gives. */
export function writeOptions(
  request: ModelRequest,
  defaults: Readonly<Record<string, JsonValue>>,
  context: CallContext,
): WrittenOptions {
  if (request.count !== undefined && request.count > 1) {
    throw unsupported(context, 'n', 'it gives one answer. Send the request several times.')
  }
  noteDropped(request, context)
  const configured = sortFields(defaults, context, 'the configured ')
  const own = sortFields(request.extensions, context, '')
  return {
    top: { ...configured.top, ...own.top },
    options: { ...configured.options, ...own.options, ...sampling(request, context) },
  }
}

function sampling(request: ModelRequest, { deployment, warn }: CallContext): JsonObject {
  const options: JsonObject = {}
  const put = (name: string, value: JsonValue | undefined): void => {
    if (value !== undefined) options[name] = value
  }
  const most = deployment.maxOutputTokens
  const limit = request.maxOutputTokens
  if (limit !== undefined && most !== undefined && limit > most)
    warn(`the output limit became ${most}, the most that ${deployment.upstreamModel} gives`)
  put('num_predict', limit === undefined ? undefined : Math.min(limit, most ?? limit))
  put('temperature', request.temperature)
  put('top_p', request.topP)
  put('top_k', request.topK)
  put('seed', request.seed)
  put('frequency_penalty', request.frequencyPenalty)
  put('presence_penalty', request.presencePenalty)
  put('stop', request.stop === undefined || request.stop.length === 0 ? undefined : [...request.stop])
  return options
}

function sortFields(fields: Readonly<Record<string, JsonValue>>, { warn }: CallContext, which: string): WrittenOptions {
  const top: JsonObject = {}
  const options: JsonObject = {}
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'options' && isJsonObject(value)) Object.assign(options, value)
    else if (Object.hasOwn(optionNames, key)) options[optionNames[key] ?? key] = value
    else if (topNames.has(key)) top[key] = value
    else if (!meaningless.has(key)) warn(`dropped ${which}${key}: Ollama has no such field`)
  }
  return { top, options }
}

const ordinaryTiers = new Set(['auto', 'default', 'standard', 'standard_only'])

function noteDropped(request: ModelRequest, { warn }: CallContext): void {
  const absent: readonly (readonly [string, boolean])[] = [
    ['logprobs', request.logprobs !== undefined],
    ['logit_bias', request.logitBias !== undefined],
    ['verbosity', request.verbosity !== undefined],
    ['service_tier', request.serviceTier !== undefined && !ordinaryTiers.has(request.serviceTier)],
    ['user', request.user !== undefined],
    ['metadata', request.metadata !== undefined && Object.keys(request.metadata).length > 0],
    ['prompt_cache_key', request.promptCacheKey !== undefined],
    ['parallel_tool_calls', request.parallelToolCalls === false],
  ]
  for (const [field, isThere] of absent) if (isThere) warn(`dropped ${field}: Ollama has no such field`)
}
