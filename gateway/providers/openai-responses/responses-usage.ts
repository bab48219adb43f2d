import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { pricingDetails, readServiceTier, type Usage } from '../../model/usage.ts'

/** Reads the `usage` of a response object; null when there is none. Lenient: wrong types count as 0. */
export function readResponsesUsage({ usage, service_tier: tier }: JsonObject): Usage | null {
  if (!isJsonObject(usage)) return null
  const input = isJsonObject(usage.input_tokens_details) ? usage.input_tokens_details : {}
  const output = isJsonObject(usage.output_tokens_details) ? usage.output_tokens_details : {}
  const cachedTokens = count(input.cached_tokens)
  const cacheWriteTokens = count(input.cache_write_tokens)
  const reasoningTokens = count(output.reasoning_tokens)
  return {
    // Some servers report a prompt without its cached part: the total can never be below the parts.
    inputTokens: atLeast(count(usage.input_tokens), cachedTokens + cacheWriteTokens),
    cachedTokens,
    cacheWriteTokens,
    outputTokens: atLeast(count(usage.output_tokens), reasoningTokens),
    reasoningTokens,
    ...pricingDetails(0, readServiceTier(tier)),
  }
}

function atLeast(total: number, parts: number): number {
  return parts > total ? total + parts : total
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}
