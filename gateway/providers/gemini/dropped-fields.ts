import { controlFields } from '../../model/gateway-fields.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import { type CallContext, unsupported } from './call-context.ts'

/** Fields of other dialects whose loss would change what the answer means, with the reason. */
const refused: Readonly<Record<string, string>> = {
  background: 'answers in the background are not held here.',
  mcp_servers: 'the upstream does not call MCP servers of a request.',
}

/** Fields that a wire without them fulfils anyway, or that only speak to a gateway. */
const meaningless = new Set(['client_metadata', 'include', 'modalities', 'stream', 'stream_options', 'truncation'])

const serviceTiers: Readonly<Record<string, string>> = {
  default: 'standard',
  flex: 'flex',
  priority: 'priority',
  standard: 'standard',
  standard_only: 'standard',
}

/**
 * Goes through what the request says beyond the shared fields: own fields are returned for the body, others dropped with
 * a warning or refused.
 */
export function writeRemainingFields(request: ModelRequest, context: CallContext): JsonObject {
  const fields: JsonObject = {}
  noteDropped(request, context)
  const tier = serviceTier(request.serviceTier, context)
  if (tier !== undefined) fields.serviceTier = tier
  for (const [key, value] of Object.entries(request.extensions)) {
    if (request.dialect === 'gemini') {
      if (key !== 'generationConfig' && !controlFields.has(key)) fields[key] = value
    } else noteForeign(key, value, context)
  }
  return fields
}

function noteDropped(request: ModelRequest, context: CallContext): void {
  const dropped: readonly (readonly [string, boolean])[] = [
    ['logprobs', request.logprobs !== undefined],
    ['logit_bias', request.logitBias !== undefined],
    ['verbosity', request.verbosity !== undefined],
    ['user', request.user !== undefined],
    ['metadata', request.metadata !== undefined && Object.keys(request.metadata).length > 0],
    ['prompt_cache_key', request.promptCacheKey !== undefined],
  ]
  for (const [name, given] of dropped) if (given) context.warn(`dropped ${name}: Gemini has no such field`)
}

function serviceTier(tier: string | undefined, context: CallContext): string | undefined {
  if (tier === undefined || tier === 'auto') return undefined
  const own = Object.hasOwn(serviceTiers, tier) ? serviceTiers[tier] : undefined
  if (own === undefined) context.warn(`dropped the service tier ${tier.slice(0, 40)}: Gemini has no such tier`)
  else if (own !== tier) context.warn(`the service tier ${tier} became ${own}`)
  return own
}

function noteForeign(key: string, value: JsonValue, context: CallContext): void {
  if (saysNothing(value) || meaningless.has(key) || controlFields.has(key)) return
  const why = Object.hasOwn(refused, key) ? refused[key] : undefined
  if (why !== undefined) throw unsupported(context, key, why)
  context.warn(`dropped ${key.slice(0, 60)}: Gemini has no such field`)
}

function saysNothing(value: JsonValue): boolean {
  return value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0)
}
