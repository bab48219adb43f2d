import type { Deployment } from '../../config/gateway-config.ts'
import { controlFields, forbiddenFields } from '../../model/gateway-fields.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import { cannotCarry } from './refusal.ts'

export interface OtherFields {
  readonly fields: JsonObject
  readonly warnings: readonly string[]
}

/** Longest `metadata.user_id`. */
const longestUser = 256

/**
 * What is left of a request: who asks, the service tier, and fields of the client's own dialect. What has no place here
 * is named in a warning.
 *
 * @throws GatewayError `unsupported_field` for wishes whose loss would change the answer: several answers, sound or
 *   images back, content kept at another provider
 */
export function planOtherFields(deployment: Deployment, request: ModelRequest): OtherFields {
  refuse(deployment, request)
  const fields: JsonObject = {}
  const warnings: string[] = []
  const dropped: string[] = []
  if (request.user !== undefined && request.user.length <= longestUser) fields.metadata = { user_id: request.user }
  else if (request.user !== undefined) dropped.push('user')
  const tier = serviceTier(request.serviceTier)
  if (tier !== undefined) fields.service_tier = tier
  else if (request.serviceTier !== undefined) dropped.push('service_tier')
  dropped.push(...droppedParameters(request))
  for (const [name, value] of Object.entries(request.extensions)) {
    if (controlFields.has(name) || forbiddenFields.has(name)) continue
    if (request.dialect === 'messages') fields[name] = value
    else dropped.push(name)
  }
  warnings.push(...dropped.map((name) => `dropped ${name}: ${deployment.provider} does not know it`))
  return { fields, warnings }
}

function serviceTier(wanted: string | undefined): string | undefined {
  if (wanted === 'auto') return 'auto'
  return wanted === 'default' || wanted === 'standard_only' ? 'standard_only' : undefined
}

function droppedParameters(request: ModelRequest): string[] {
  const sent: readonly (readonly [string, unknown])[] = [
    ['seed', request.seed],
    ['frequency_penalty', request.frequencyPenalty || undefined],
    ['presence_penalty', request.presencePenalty || undefined],
    ['logprobs', request.logprobs],
    ['logit_bias', request.logitBias],
    ['verbosity', request.verbosity],
    ['prompt_cache_key', request.promptCacheKey],
    ['metadata', request.metadata],
  ]
  return sent.filter(([, value]) => value !== undefined).map(([name]) => name)
}

function refuse(deployment: Deployment, { count, extensions }: ModelRequest): void {
  if (count !== undefined && count > 1) throw cannotCarry(deployment, 'n', 'wish for more than one answer')
  for (const field of ['modalities', 'responseModalities', 'response_modalities']) {
    const wanted = extensions[field]
    const isText = (entry: JsonValue): boolean => typeof entry === 'string' && entry.toLowerCase() === 'text'
    if (Array.isArray(wanted) && !wanted.every(isText)) throw cannotCarry(deployment, field, 'wish for sound or images')
  }
  for (const field of ['cachedContent', 'cached_content']) {
    if (extensions[field] !== undefined)
      throw cannotCarry(deployment, field, "content kept in another provider's cache")
  }
  if (isJsonObject(extensions.audio)) throw cannotCarry(deployment, 'audio', 'wish for sound')
}
