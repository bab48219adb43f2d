import type { DialectCodec, WriteContext } from '../dialects/codec.ts'
import { gatherAnswer, type ModelAnswer } from '../model/answer.ts'
import type { AnswerPart } from '../model/answer-parts.ts'
import type { CompleteAnswer, PreparedCall, TranslatedCall } from '../providers/provider.ts'
import { readerTellingLosses, tellLostNotes } from './lost-notes.ts'
import { TranslatedStream } from './translated-stream.ts'

/**
 * Puts a provider's reading and a dialect's writing together: the rest of the relay cannot tell it from a pass-through.
 * `onStreamed` hears of each streamed answer when it is complete, and gives warnings for the ledger.
 */
export function translateCall(
  call: TranslatedCall,
  codec: DialectCodec,
  context: WriteContext,
  onStreamed: (answer: ModelAnswer) => readonly string[],
): PreparedCall {
  return {
    warnings: [...context.request.warnings, ...call.warnings],
    send: (sink) => call.send(sink),
    readFailure: (status, headers, body) => call.readFailure(status, headers, body),
    openStream: () =>
      new TranslatedStream(
        readerTellingLosses(call.openReader(), codec.dialect),
        codec.openWriter(context),
        onStreamed,
      ),
    readAnswer: (body) => completeAnswer(tellLostNotes(call.readAnswer(body), codec.dialect), codec, context),
  }
}

function completeAnswer(parts: readonly AnswerPart[], codec: DialectCodec, context: WriteContext): CompleteAnswer {
  const answer = gatherAnswer(parts)
  return {
    body: codec.writeAnswer(answer, context),
    usage: answer.usage,
    answer,
    warnings: parts.flatMap((part) => (part.type === 'warning' ? [part.text] : [])),
    asStream: () => {
      const writer = codec.openWriter(context)
      const events = parts.flatMap((part) => [...writer.write(part)])
      return { events: Buffer.concat(events), terminal: writer.end() }
    },
  }
}
