import type { Deployment } from '../../config/gateway-config.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { readChatUsage } from '../chat-wire/chat-usage.ts'

/**
 * The usage of an answer that is no conversation. Null where it is not in tokens of text: seconds of audio, and tokens of
 * sound or picture, have prices of their own that no catalogue here knows, so their cost stays unknown unless the
 * deployment says what its tokens cost.
 */
export function readEndpointUsage(deployment: Deployment, path: string, answer: JsonObject): Usage | null {
  const { usage } = answer
  if (!isJsonObject(usage)) return null
  if (usage.prompt_tokens !== undefined) return readChatUsage(answer)
  const inputTokens = count(usage.input_tokens)
  const outputTokens = count(usage.output_tokens)
  if (inputTokens + outputTokens === 0) return null
  if (hasOtherTokens(path, usage) && deployment.prices === undefined) return null
  return { inputTokens, cachedTokens: 0, cacheWriteTokens: 0, outputTokens, reasoningTokens: 0 }
}

function hasOtherTokens(path: string, usage: JsonObject): boolean {
  if (path.startsWith('/images/') || path === '/audio/speech') return true
  const details = [usage.input_token_details, usage.input_tokens_details, usage.output_tokens_details]
  return details.some((detail) => isJsonObject(detail) && count(detail.audio_tokens) + count(detail.image_tokens) > 0)
}

function count(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0
}
