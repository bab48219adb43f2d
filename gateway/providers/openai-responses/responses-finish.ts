import type { AnswerPart, FinishReason } from '../../model/answer-parts.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'

const reasons: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'filtered',
  // The answer stopped short for a cause of the service's own and may be taken up again.
  max_messages: 'paused',
  steered: 'paused',
}

/** How an answer ended. An incomplete one without a known reason counts as cut at its length: never as whole. */
export function finishOf(
  status: string,
  response: JsonObject,
  sawToolCall: boolean,
): Extract<AnswerPart, { type: 'finish' }> {
  if (status !== 'incomplete') return { type: 'finish', reason: sawToolCall ? 'tools' : 'stop', raw: status }
  const details = isJsonObject(response.incomplete_details) ? response.incomplete_details : {}
  const raw = typeof details.reason === 'string' ? details.reason : 'incomplete'
  return { type: 'finish', reason: reasons[raw] ?? 'length', raw }
}
