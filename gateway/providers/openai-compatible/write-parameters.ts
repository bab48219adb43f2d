import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { drop, refusal, type Translation } from './translation.ts'
import type { OptionalField } from './quirks.ts'
import { effortOf } from './write-reasoning.ts'

/** Limits, sampling and the small wishes of a request as fields of the body. */
export function writeParameters(translation: Translation): JsonObject {
  return {
    ...writeLimit(translation),
    ...writeSampling(translation),
    ...writeStop(translation),
    ...writeAnswerWishes(translation),
    ...writeLabels(translation),
  }
}

function writeLimit({ request, quirks, deployment, warnings }: Translation): JsonObject {
  const wanted = request.maxOutputTokens
  if (wanted === undefined) return {}
  const most = deployment.maxOutputTokens ?? wanted
  if (wanted > most) warnings.add(`the output limit became ${most}, the most that ${deployment.upstreamModel} gives`)
  return { [quirks.limitField]: Math.min(wanted, most) }
}

function writeSampling(translation: Translation): JsonObject {
  const { request, rules, quirks } = translation
  const effort = request.reasoning === undefined ? undefined : effortOf(request.reasoning)
  const forcedToNone = rules.toolsOnlyAtEffortNone && request.tools.length > 0
  const accepted =
    rules.sampling === 'accepted' || (rules.sampling === 'at-effort-none' && (effort === 'none' || forcedToNone))
  const body: JsonObject = {}
  const put = (field: string, value: JsonValue | undefined, known = true): void => {
    if (value === undefined) return
    if (accepted && known) body[field] = value
    else drop(translation, field)
  }
  put('temperature', temperatureFor(translation))
  put('top_p', request.topP)
  put('top_k', request.topK, quirks.topK)
  put('frequency_penalty', request.frequencyPenalty, quirks.fields.has('frequency_penalty'))
  put('presence_penalty', request.presencePenalty, quirks.fields.has('frequency_penalty'))
  put('logit_bias', request.logitBias, quirks.fields.has('logit_bias'))
  if (request.seed !== undefined) body[quirks.seedField] = request.seed
  if (request.logprobs !== undefined) {
    put('logprobs', true, quirks.fields.has('logprobs'))
    if (body.logprobs === true && request.logprobs.top !== undefined) body.top_logprobs = request.logprobs.top
  }
  return body
}

/** Mistral's scale ends at 1.5, Moonshot's at 1. */
const highestTemperature: Readonly<Record<string, number>> = { mistral: 1.5, moonshot: 1 }

function temperatureFor({ request, deployment, warnings }: Translation): number | undefined {
  const most = highestTemperature[deployment.provider] ?? Number.POSITIVE_INFINITY
  if (request.temperature === undefined || request.temperature <= most) return request.temperature
  warnings.add(`temperature became ${most}, the most that ${deployment.provider} takes`)
  return most
}

const mostStops = 4

function writeStop(translation: Translation): JsonObject {
  const { request, rules, quirks, warnings, deployment } = translation
  if (request.stop === undefined || request.stop.length === 0) return {}
  if (!rules.stop || !quirks.fields.has('stop')) {
    drop(translation, 'stop')
    return {}
  }
  if (deployment.provider === 'openai' && request.stop.length > mostStops) {
    warnings.add(`only the first ${mostStops} stop sequences were sent`)
    return { stop: request.stop.slice(0, mostStops) }
  }
  return { stop: [...request.stop] }
}

function writeAnswerWishes(translation: Translation): JsonObject {
  const { request } = translation
  if (request.count !== undefined && request.count > 1) {
    throw refusal(translation, 'n', 'several answers to one request in translation')
  }
  return { ...optional(translation, 'verbosity', request.verbosity), ...writeServiceTier(translation) }
}

const ordinaryTiers = new Set(['auto', 'default', 'standard', 'standard_only'])
const groqTiers = new Set(['on_demand', 'flex', 'performance'])
const openAiTiers = new Set(['flex', 'scale', 'priority', 'fast'])

/** The ordinary tier is what an upstream takes when nothing is said. */
function writeServiceTier(translation: Translation): JsonObject {
  const tier = translation.request.serviceTier
  if (tier === undefined || ordinaryTiers.has(tier)) return {}
  const known = translation.deployment.provider === 'groq' ? groqTiers : openAiTiers
  if (known.has(tier)) return optional(translation, 'service_tier', tier)
  drop(translation, 'service_tier')
  return {}
}

function writeLabels(translation: Translation): JsonObject {
  const { request } = translation
  const hasMetadata = request.metadata !== undefined && Object.keys(request.metadata).length > 0
  return {
    ...optional(translation, 'user', request.user === undefined ? undefined : shortUser(request.user)),
    ...optional(translation, 'metadata', hasMetadata ? request.metadata : undefined),
    ...optional(translation, 'prompt_cache_key', request.promptCacheKey),
  }
}

const longestUser = 64

/** The same end user has the same short name in every request. */
function shortUser(user: string): string {
  return user.length <= longestUser ? user : createHash('sha256').update(user).digest('hex')
}

function optional(translation: Translation, field: OptionalField, value: JsonValue | undefined): JsonObject {
  if (value === undefined) return {}
  if (translation.quirks.fields.has(field)) return { [field]: value }
  drop(translation, field)
  return {}
}
