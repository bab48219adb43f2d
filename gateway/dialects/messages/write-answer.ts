import type { CompletePart, ModelAnswer } from '../../model/answer.ts'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { WriteContext } from '../codec.ts'
import { messageHead, stopFields, toolInput, usageFields } from './answer-fields.ts'
import { carryState } from './carried-state.ts'

/**
 * A complete answer as a message.
 *
 * @throws GatewayError `upstream_invalid_answer` for tool arguments that are nested too deep to be written as an object
 */
export function writeMessage(answer: ModelAnswer, context: WriteContext): Buffer {
  const message: JsonObject = {
    ...messageHead(answer.id, context),
    content: answer.parts.flatMap((part) => blocksOf(part)),
    ...stopFields(answer.finish, answer.stopSequence),
    usage: usageFields(answer.usage),
  }
  try {
    return Buffer.from(JSON.stringify(message))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new GatewayError(
      'upstream_invalid_answer',
      'The model wrote tool arguments that are nested too deep to pass on.',
    )
  }
}

/** A part's block, and after it a block for state that has no place in that one. A part without anything has none. */
function blocksOf({ part, text, opaque }: CompletePart): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [...(text === '' ? [] : [{ type: 'text', text }]), ...besideText(text, opaque)]
    case 'reasoning':
      return reasoningBlock(text, opaque)
    case 'tool-call':
      return [
        { type: 'tool_use', id: part.id, name: part.name, input: toolInput(part.kind, text) },
        ...(opaque.length === 0 ? [] : [redacted(carryState(opaque, { call: part.id }))]),
      ]
  }
}

function besideText(text: string, opaque: CompletePart['opaque']): JsonObject[] {
  if (opaque.length === 0) return []
  return [redacted(text === '' ? carryState(opaque) : carryState(opaque, 'text'))]
}

/** Thinking always carries a signature of ours, even an empty one: a provider's own would have to be genuine. */
function reasoningBlock(text: string, opaque: CompletePart['opaque']): JsonObject[] {
  if (text !== '') return [{ type: 'thinking', thinking: text, signature: carryState(opaque) }]
  return opaque.length === 0 ? [] : [redacted(carryState(opaque))]
}

function redacted(data: string): JsonObject {
  return { type: 'redacted_thinking', data }
}
