import type { ModelRequest } from '../../model/model-request.ts'
import type { Turn } from '../../model/parts.ts'

/** For models that take an assistant turn at the end for history. */
const goOn =
  'Your last message was cut off by a technical fault. Go on from exactly where it ends, with the very next character: ' +
  'repeat nothing of it, and say nothing about the fault or about going on.'

/**
 * The request that has a model go on from `text`: the text as its own last turn, and where the model does not go on from
 * there by itself, the order to do so. A request of which nothing was answered yet stays as it is. Pure.
 */
export function continuationRequest(request: ModelRequest, text: string, prefills: boolean): ModelRequest {
  if (text === '') return request
  const said: Turn = { role: 'assistant', parts: [{ type: 'text', text }] }
  if (prefills) return { ...request, continuesLastTurn: true, turns: [...request.turns, said] }
  const order: Turn = { role: 'user', parts: [{ type: 'text', text: goOn }] }
  return { ...request, turns: [...request.turns, said, order] }
}
