import type { CompletePart, ModelAnswer } from '../../model/answer.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import type { Part, ToolResultPart } from '../../model/parts.ts'
import type { ToolFault } from './find-faults.ts'

const notRun = 'Not run: another call of this turn is wrong. Call it again as well.'

/** The request with a wrong answer and its corrections behind it: what the model is asked instead of the client. Pure. */
export function correctRequest(request: ModelRequest, answer: ModelAnswer, faults: readonly ToolFault[]): ModelRequest {
  const results = answer.parts.flatMap(({ part }): ToolResultPart[] => {
    if (part.type !== 'tool-call') return []
    const text = faults.find(({ callId }) => callId === part.id)?.correction ?? notRun
    return [{ type: 'tool-result', callId: part.id, content: [{ type: 'text', text }], isError: true, kind: part.kind }]
  })
  return {
    ...request,
    stream: false,
    turns: [
      ...request.turns,
      { role: 'assistant', parts: answer.parts.flatMap((part) => partOf(part)) },
      { role: 'user', parts: results },
    ],
  }
}

function partOf({ part, text, opaque }: CompletePart): Part[] {
  if (part.type === 'tool-call') {
    // A text that is no JSON can be repeated to no upstream.
    const written = part.kind === 'custom' || isJson(text) ? text : '{}'
    return [{ ...part, arguments: written, ...(opaque.length === 0 ? {} : { opaque }) }]
  }
  if (part.type === 'reasoning') return [{ type: 'reasoning', text, opaque }]
  if (text === '') return []
  if (part.type === 'refusal') return [{ type: 'refusal', text }]
  return [{ type: 'text', text, ...(opaque.length === 0 ? {} : { opaque }) }]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
