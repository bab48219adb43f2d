import type { Dialect } from '../model/dialect.ts'
import type { AnswerPart } from '../model/answer-parts.ts'
import type { AnswerReader } from '../providers/provider.ts'

/** Dialects whose answers have a place for the address and the place of a citation. */
const citing: ReadonlySet<Dialect> = new Set(['chat-completions', 'responses'])

/** The parts of an answer, with a warning behind each text whose citations the client's dialect has no place for. Pure. */
export function tellLostNotes(parts: readonly AnswerPart[], dialect: Dialect): readonly AnswerPart[] {
  if (citing.has(dialect)) return parts
  return parts.flatMap((part): readonly AnswerPart[] => {
    if (part.type !== 'part-end' || part.notes?.citations === undefined) return [part]
    return [part, { type: 'warning', text: 'dropped the citations of the answer: this API has no place for them' }]
  })
}

/** The same for an answer that is read piece by piece. */
export function readerTellingLosses(reader: AnswerReader, dialect: Dialect): AnswerReader {
  return {
    feed: (chunk) => tellLostNotes(reader.feed(chunk), dialect),
    finish: () => tellLostNotes(reader.finish(), dialect),
  }
}
