import type { AnswerPart, FinishReason } from '../../model/answer-parts.ts'
import type { JsonValue } from '../../model/json.ts'

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tools',
  max_tokens: 'length',
  model_context_window_exceeded: 'context_full',
  refusal: 'filtered',
  pause_turn: 'paused',
  // The server stopped to shorten the conversation: sent again, it goes on.
  compaction: 'paused',
}

/**
 * What a stop reason means, its own word kept beside. A turn that ends with calls ends for them whatever the word says,
 * and one without any cannot. An unknown word is told in a warning and never taken for a filter or a limit.
 */
export function readFinish(
  raw: JsonValue | undefined,
  stopSequence: JsonValue | undefined,
  calls: number,
): readonly AnswerPart[] {
  const word = typeof raw === 'string' && raw !== '' ? raw : null
  const known = word === null ? 'stop' : reasons[word]
  const stated = known ?? 'stop'
  const natural = stated === 'stop' || stated === 'tools'
  const reason = natural ? (calls > 0 ? 'tools' : 'stop') : stated
  const finish: AnswerPart = {
    type: 'finish',
    reason,
    raw: word,
    ...(typeof stopSequence === 'string' ? { stopSequence } : {}),
  }
  return known === undefined
    ? [{ type: 'warning', text: `unknown stop reason ${String(word).slice(0, 80)}` }, finish]
    : [finish]
}
