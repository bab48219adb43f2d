import type { ModelAnswer } from '../../model/answer.ts'
import type { JsonObject } from '../../model/json.ts'
import type { WriteContext } from '../codec.ts'
import { finishWord, responseObject } from './answer-chunks.ts'
import { GeminiPartWriter } from './part-writer.ts'

/** A complete answer as one response object. */
export function writeGeminiAnswer(answer: ModelAnswer, context: WriteContext): Buffer {
  const writer = new GeminiPartWriter(wantsThoughts(context))
  const parts: JsonObject[] = []
  for (const [index, { part, text, opaque }] of answer.parts.entries()) {
    writer.start(index, part)
    addParts(parts, writer.delta(index, text))
    addParts(parts, writer.end(index, opaque))
  }
  addParts(parts, writer.finish())
  const logprobs = answer.parts.flatMap(({ notes }) => notes?.logprobs ?? [])
  const end = { finishReason: finishWord(answer.finish, answer.rawFinish), usage: answer.usage, logprobs }
  return Buffer.from(JSON.stringify(responseObject(context, parts, end)))
}

/** Thoughts come back only to clients that ask for them with `includeThoughts`. */
export function wantsThoughts(context: WriteContext): boolean {
  return context.request.reasoning?.visible === true
}

/** In a whole answer the signature of a text stands on the text and not on an empty part after it. */
function addParts(parts: JsonObject[], added: readonly JsonObject[]): void {
  for (const part of added) {
    const last = parts.at(-1)
    const joins = part.text === '' && part.thoughtSignature !== undefined && isOpenText(last)
    if (joins && last !== undefined) last.thoughtSignature = part.thoughtSignature ?? null
    else parts.push({ ...part })
  }
}

function isOpenText(part: JsonObject | undefined): boolean {
  return typeof part?.text === 'string' && part.thought !== true && part.thoughtSignature === undefined
}
