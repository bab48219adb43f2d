import type { FinishReason } from '../../model/answer-parts.ts'

/** What the word of an upstream means; an error is none of the reasons. */
export type ChatFinish = FinishReason | 'error'

const byWord: Readonly<Record<string, ChatFinish>> = {
  stop: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'context_full',
  model_context_window_exceeded: 'context_full',
  tool_calls: 'tools',
  tool_use: 'tools',
  function_call: 'tools',
  content_filter: 'filtered',
  safety: 'filtered',
  recitation: 'filtered',
  prohibited_content: 'filtered',
  sensitive: 'filtered',
  refusal: 'filtered',
  pause_turn: 'paused',
  error: 'error',
  network_error: 'error',
  abort: 'error',
  malformed_function_call: 'error',
  insufficient_system_resource: 'error',
}

/** Reads a finish reason; undefined for a word that nobody knows. */
export function readChatFinish(word: string): ChatFinish | undefined {
  const key = word.toLowerCase()
  return Object.hasOwn(byWord, key) ? byWord[key] : undefined
}
