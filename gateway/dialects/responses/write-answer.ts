import type { AnswerPart } from '../../model/answer-parts.ts'
import type { ModelAnswer } from '../../model/answer.ts'
import type { WriteContext } from '../codec.ts'
import { ResponseWriter } from './response-writer.ts'

/** A complete answer as a response object: what the last event of its stream would hold. */
export function writeResponsesAnswer(answer: ModelAnswer, context: WriteContext): Buffer {
  const writer = new ResponseWriter(context)
  for (const part of partsOf(answer)) writer.write(part)
  return Buffer.from(JSON.stringify(writer.response()))
}

function partsOf(answer: ModelAnswer): AnswerPart[] {
  const parts = answer.parts.flatMap(({ part, text, opaque, notes }, index): AnswerPart[] => [
    { type: 'part-start', index, part },
    ...(text === '' ? [] : [{ type: 'part-delta', index, text } as const]),
    { type: 'part-end', index, opaque, ...(notes === undefined ? {} : { notes }) },
  ])
  const usage: AnswerPart[] = answer.usage === null ? [] : [{ type: 'usage', usage: answer.usage }]
  return [...parts, ...usage, { type: 'finish', reason: answer.finish, raw: answer.rawFinish }]
}
