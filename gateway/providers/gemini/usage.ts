import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { pricingDetails, readServiceTier, type Usage } from '../../model/usage.ts'

/**
 * Usage of a generateContent answer, or null when it has none. This API counts cached tokens within the prompt, and
 * thoughts and tool-use prompts beside the other counts.
 */
export function readGeminiUsage(chunk: JsonObject): Usage | null {
  const counts = chunk.usageMetadata
  if (!isJsonObject(counts)) return null
  const inputTokens = count(counts.promptTokenCount) + count(counts.toolUsePromptTokenCount)
  const reasoningTokens = count(counts.thoughtsTokenCount)
  const outputTokens = count(counts.candidatesTokenCount) + reasoningTokens
  if (inputTokens === 0 && outputTokens === 0) return null
  return {
    inputTokens,
    cachedTokens: Math.min(count(counts.cachedContentTokenCount), inputTokens),
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens,
    ...pricingDetails(0, readServiceTier(counts.serviceTier)),
  }
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}
