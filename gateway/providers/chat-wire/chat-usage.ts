import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { pricingDetails, readServiceTier, type Usage } from '../../model/usage.ts'

/**
 * Reads the usage of a chat completion or of any chunk of a stream, in the spellings that OpenAI-compatible servers use:
 * OpenAI's details, DeepSeek's cache hits at the top level, Groq's `x_groq`, Moonshot's top-level `cached_tokens`.
 * Gives null when there is none. Lenient: wrong types count as 0.
 */
export function readChatUsage(answer: JsonObject): Usage | null {
  const usage = usageObject(answer)
  if (usage === undefined) return null
  const promptDetails = isJsonObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {}
  const completionDetails = isJsonObject(usage.completion_tokens_details) ? usage.completion_tokens_details : {}
  const cachedTokens =
    count(promptDetails.cached_tokens) || count(usage.prompt_cache_hit_tokens) || count(usage.cached_tokens)
  const cacheWriteTokens = count(promptDetails.cache_write_tokens)
  const reasoningTokens = count(completionDetails.reasoning_tokens)
  return {
    inputTokens: inputTotal(count(usage.prompt_tokens), cachedTokens + cacheWriteTokens),
    cachedTokens,
    cacheWriteTokens,
    outputTokens: outputTotal(usage, reasoningTokens),
    reasoningTokens,
    ...pricingDetails(0, readServiceTier(answer.service_tier)),
  }
}

function usageObject(answer: JsonObject): JsonObject | undefined {
  if (isJsonObject(answer.usage)) return answer.usage
  if (isJsonObject(answer.x_groq) && isJsonObject(answer.x_groq.usage)) return answer.x_groq.usage
  return undefined
}

/** Some gateways report a prompt without its cached part: the total can never be below the parts. */
function inputTotal(promptTokens: number, cacheTokens: number): number {
  return cacheTokens > promptTokens ? promptTokens + cacheTokens : promptTokens
}

/** Some servers leave reasoning out of the completion; their own total gives it away. */
function outputTotal(usage: JsonObject, reasoningTokens: number): number {
  const completion = count(usage.completion_tokens)
  const reasoningIsExtra = count(usage.total_tokens) === count(usage.prompt_tokens) + completion + reasoningTokens
  return (reasoningTokens > 0 && reasoningIsExtra) || reasoningTokens > completion
    ? completion + reasoningTokens
    : completion
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}
