import type { CompletePart, ModelAnswer } from '../../model/answer.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ReasoningPart } from '../../model/parts.ts'
import type { WriteContext } from '../codec.ts'
import { envelope, finishWord, writeAnnotations, writeCall, writeLogprobs, writeUsage } from './answer-shapes.ts'
import { callExtra, reasoningDetail, sealReasoning } from './carried-state.ts'

/** A complete answer as the body of a chat completion. */
export function writeChatAnswer(answer: ModelAnswer, context: WriteContext): Buffer {
  const body: JsonObject = {
    ...envelope(context, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: writeMessage(answer.parts, context),
        logprobs: writeLogprobs({ logprobs: answer.parts.flatMap(({ notes }) => notes?.logprobs ?? []) }),
        finish_reason: finishWord(answer.finish, context),
      },
    ],
    ...(answer.usage === null ? {} : { usage: writeUsage(answer.usage) }),
  }
  return Buffer.from(JSON.stringify(body))
}

function writeMessage(parts: readonly CompletePart[], { request }: WriteContext): JsonObject {
  const text = textOf(parts, 'text')
  const refusal = textOf(parts, 'refusal')
  const reasoning = textOf(parts, 'reasoning')
  const sealed = sealReasoning(parts.flatMap((part) => reasoningOf(part)))
  const calls = writeCalls(parts, sealed)
  const message: JsonObject = {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
    refusal: refusal === '' ? null : refusal,
  }
  if (reasoning !== '') message.reasoning_content = reasoning
  if (sealed !== undefined) message.reasoning_details = [reasoningDetail(sealed)]
  const annotations = annotationsOf(parts)
  if (annotations.length > 0) message.annotations = annotations
  if (calls.length === 0) return message
  if (request.legacyFunctions === true) message.function_call = calls[0]?.function ?? null
  else message.tool_calls = calls
  return message
}

function annotationsOf(parts: readonly CompletePart[]): JsonObject[] {
  let offset = 0
  return parts.flatMap(({ part, text, notes }) => {
    if (part.type !== 'text') return []
    const written = notes === undefined ? [] : writeAnnotations(notes, offset)
    offset += text.length
    return written
  })
}

function writeCalls(parts: readonly CompletePart[], sealed: string | undefined): JsonObject[] {
  const calls: JsonObject[] = []
  for (const { part, text, opaque } of parts) {
    if (part.type !== 'tool-call') continue
    calls.push({ ...writeCall(part, text), ...callExtra(opaque, calls.length === 0 ? sealed : undefined) })
  }
  return calls
}

function reasoningOf({ part, text, opaque }: CompletePart): ReasoningPart[] {
  return part.type === 'reasoning' ? [{ type: 'reasoning', text, opaque }] : []
}

/** All text of one kind. */
export function textOf(parts: readonly CompletePart[], type: 'text' | 'reasoning' | 'refusal'): string {
  return parts.map(({ part, text }) => (part.type === type ? text : '')).join('')
}
