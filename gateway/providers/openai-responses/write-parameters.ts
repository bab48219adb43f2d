import { createHash } from 'node:crypto'
import type { Deployment } from '../../config/gateway-config.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ModelRequest, OutputFormat, ReasoningEffort } from '../../model/model-request.ts'
import { effortOfBudget, type ModelRules, nearestEffort } from './model-rules.ts'
import { unsupported } from './refuse.ts'
import type { Warnings } from './warnings.ts'

/** OpenAI refuses smaller limits. */
const smallestOutputLimit = 16
const longestUser = 64

/** Everything of a body but model, input and tools. @throws GatewayError `unsupported_field` for more than one answer */
export function writeParameters(
  deployment: Deployment,
  request: ModelRequest,
  rules: ModelRules,
  warnings: Warnings,
): JsonObject {
  if ((request.count ?? 1) > 1) throw unsupported(deployment.provider, 'n', 'it gives one answer per request.')
  const reasoning = writeReasoning(request, rules, warnings)
  return {
    ...writeSampling(request, rules, reasoning?.effort, warnings),
    ...writeOutputLimit(deployment, request, warnings),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...writeText(request),
    ...(request.parallelToolCalls === undefined ? {} : { parallel_tool_calls: request.parallelToolCalls }),
    ...writeServiceTier(request, warnings),
    ...(request.promptCacheKey === undefined ? {} : { prompt_cache_key: request.promptCacheKey }),
    ...(request.user === undefined ? {} : { safety_identifier: shortUser(request.user) }),
    ...writeMetadata(request, warnings),
  }
}

function writeSampling(request: ModelRequest, rules: ModelRules, effort: unknown, warnings: Warnings): JsonObject {
  const unknownHere = {
    top_k: request.topK,
    seed: request.seed,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    logit_bias: request.logitBias,
  }
  for (const [field, value] of Object.entries(unknownHere)) {
    // 0 is what a penalty is when nobody sets it.
    if (value !== undefined && !(field.endsWith('_penalty') && value === 0)) warnings.add(`dropped ${field}`)
  }
  const accepted = rules.sampling === 'always' || (rules.sampling === 'without-reasoning' && effort === 'none')
  const sampling: JsonObject = {}
  if (request.temperature !== undefined) sampling.temperature = request.temperature
  if (request.topP !== undefined) sampling.top_p = request.topP
  if (request.logprobs !== undefined) sampling.top_logprobs = request.logprobs.top ?? 0
  if (accepted) return sampling
  for (const field of Object.keys(sampling)) {
    const name = field === 'top_logprobs' ? 'logprobs' : field
    warnings.add(`dropped ${name}: the model takes none while it reasons`)
  }
  return {}
}

function writeOutputLimit(deployment: Deployment, request: ModelRequest, warnings: Warnings): JsonObject {
  const wanted = request.maxOutputTokens
  if (wanted === undefined) return {}
  const most = deployment.maxOutputTokens
  if (most !== undefined && wanted > most) {
    warnings.add(`lowered the output limit to ${most}, the most this model gives`)
    return { max_output_tokens: most }
  }
  if (wanted >= smallestOutputLimit) return { max_output_tokens: wanted }
  warnings.add(`raised the output limit to ${smallestOutputLimit}, the least this API takes`)
  return { max_output_tokens: smallestOutputLimit }
}

function writeReasoning(request: ModelRequest, rules: ModelRules, warnings: Warnings): JsonObject | undefined {
  const wish = request.reasoning
  if (wish === undefined) return undefined
  if (rules.reasons === false) {
    if (wish.effort !== 'none') warnings.add('dropped the wish for reasoning: the model has none')
    return undefined
  }
  const budget = wish.budgetTokens
  const wanted = wish.effort ?? (budget === undefined ? undefined : effortOfBudget(budget))
  const effort = wanted === undefined ? undefined : nearestEffort(rules, wanted)
  if (effort !== wanted) warnings.add(`reasoning effort ${wanted} became ${effort}: the model has no ${wanted}`)
  else if (wish.effort === undefined && budget !== undefined) {
    warnings.add(`a thinking budget of ${budget} tokens became reasoning effort ${effort}`)
  }
  const reasoning: JsonObject = effort === undefined ? {} : { effort }
  if (wantsSummary(request, effort)) reasoning.summary = 'auto'
  return Object.keys(reasoning).length === 0 ? undefined : reasoning
}

/** Clients of chat completions expect no reasoning text from OpenAI, and some accounts may not ask for it. */
function wantsSummary(request: ModelRequest, effort: ReasoningEffort | undefined): boolean {
  const visible = request.reasoning?.visible
  if (visible !== undefined) return visible && effort !== 'none'
  return request.dialect !== 'chat-completions' && effort !== 'none'
}

function writeText(request: ModelRequest): JsonObject {
  const text: JsonObject = {}
  if (request.outputFormat !== undefined) text.format = writeFormat(request.outputFormat)
  if (request.verbosity !== undefined) text.verbosity = request.verbosity
  return Object.keys(text).length === 0 ? {} : { text }
}

function writeFormat(format: OutputFormat): JsonObject {
  if (format.type !== 'json_schema') return { type: format.type }
  return {
    type: 'json_schema',
    name: (format.name ?? 'answer').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'answer',
    ...(format.description === undefined ? {} : { description: format.description }),
    schema: format.schema,
    ...(format.strict === undefined ? {} : { strict: format.strict }),
  }
}

const tiersOfOthers: Readonly<Record<string, string>> = { standard_only: 'default', standard: 'default' }

function writeServiceTier(request: ModelRequest, warnings: Warnings): JsonObject {
  const tier = request.serviceTier
  if (tier === undefined) return {}
  const ours = tiersOfOthers[tier] ?? tier
  if (ours !== tier) warnings.add(`service tier ${tier} became ${ours}`)
  return { service_tier: ours }
}

/** Ids of end users may be longer elsewhere; the same user keeps the same short id. */
function shortUser(user: string): string {
  return user.length <= longestUser ? user : createHash('sha256').update(user).digest('hex')
}

function writeMetadata(request: ModelRequest, warnings: Warnings): JsonObject {
  if (request.metadata === undefined) return {}
  if (request.dialect !== 'chat-completions' && request.dialect !== 'responses') {
    warnings.add('dropped metadata')
    return {}
  }
  const { tags: _tags, ...metadata } = request.metadata
  return Object.keys(metadata).length === 0 ? {} : { metadata }
}
