import type { FinishReason } from '../../model/answer-parts.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { WriteContext } from '../codec.ts'

/** Usage in this dialect's terms: `input_tokens` without what was read from or written to a cache. */
export function usageFields(usage: Usage | null): JsonObject {
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage ?? nothing
  return {
    input_tokens: Math.max(0, inputTokens - cachedTokens - cacheWriteTokens),
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
    ...(reasoningTokens > 0 ? { output_tokens_details: { thinking_tokens: reasoningTokens } } : {}),
  }
}

const nothing: Usage = { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

const stopReasons: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  tools: 'tool_use',
  length: 'max_tokens',
  context_full: 'model_context_window_exceeded',
  filtered: 'refusal',
  paused: 'pause_turn',
}

/** `stop_reason` and `stop_sequence` of an answer. */
export function stopFields(reason: FinishReason, stopSequence: string | undefined): JsonObject {
  if (reason === 'stop' && stopSequence !== undefined) {
    return { stop_reason: 'stop_sequence', stop_sequence: stopSequence }
  }
  return { stop_reason: stopReasons[reason], stop_sequence: null }
}

/** The head that a complete answer and the first event of a stream share. */
export function messageHead(id: string | undefined, context: WriteContext): JsonObject {
  return {
    id: id?.startsWith('msg_') === true ? id : `msg_${context.callId.replaceAll(/[^A-Za-z0-9]/g, '')}`,
    type: 'message',
    role: 'assistant',
    model: context.model,
  }
}

/** The `input` of a tool call, which must be an object: a text that is none goes inside one, so that nothing is lost. */
export function toolInput(kind: 'function' | 'custom', text: string): JsonObject {
  if (kind === 'custom') return { input: text }
  if (text.trim() === '') return {}
  try {
    const value = JSON.parse(text) as JsonValue
    return isJsonObject(value) ? value : { _raw: text }
  } catch {
    return { _raw: text }
  }
}
