import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { pricingDetails, readServiceTier, type Usage } from '../../model/usage.ts'

/**
 * Joins two usage objects of one stream. Those of `message_delta` are running totals that replace what `message_start`
 * said, field by field: they are never added, and a field that is missing or null keeps its earlier value.
 */
export function joinUsage(earlier: JsonObject, later: JsonValue | undefined): JsonObject {
  if (!isJsonObject(later)) return earlier
  const joined: JsonObject = { ...earlier }
  for (const [field, value] of Object.entries(later)) {
    if (value !== null) joined[field] = value
  }
  return joined
}

/** Reads a usage object of this wire, whose `input_tokens` leave out what was read from and written to the cache. */
export function readUsage(usage: JsonObject): Usage {
  const creation = isJsonObject(usage.cache_creation) ? usage.cache_creation : {}
  const byLifetime = count(creation.ephemeral_5m_input_tokens) + count(creation.ephemeral_1h_input_tokens)
  const cacheWriteTokens = count(usage.cache_creation_input_tokens) || byLifetime
  const cachedTokens = count(usage.cache_read_input_tokens)
  const details = isJsonObject(usage.output_tokens_details) ? usage.output_tokens_details : {}
  const outputTokens = count(usage.output_tokens)
  return {
    inputTokens: count(usage.input_tokens) + cachedTokens + cacheWriteTokens,
    cachedTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens: Math.min(outputTokens, count(details.thinking_tokens)),
    ...pricingDetails(
      Math.min(cacheWriteTokens, count(creation.ephemeral_1h_input_tokens)),
      // Fast mode has prices of its own, whatever the tier.
      usage.speed === 'fast' ? 'fast' : readServiceTier(usage.service_tier),
    ),
  }
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}
