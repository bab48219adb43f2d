import { gatherAnswer, type ModelAnswer } from '../../model/answer.ts'
import type { PreparedCall, TranslatedCall } from '../../providers/provider.ts'
import { type BegunStream, TranslatedStream } from '../translated-stream.ts'
import { ContinuedParts, ContinuedReader } from './continued-reader.ts'
import type { ResumePoint } from './resume-point.ts'

/** A call whose answer is the rest of a stream that has begun. */
export function continuedCall(
  call: TranslatedCall,
  { parts, writer }: BegunStream,
  point: ResumePoint,
  onStreamed: (answer: ModelAnswer) => readonly string[],
): PreparedCall {
  return {
    warnings: call.warnings,
    send: (sink) => call.send(sink),
    readFailure: (status, headers, body) => call.readFailure(status, headers, body),
    openStream: () => new TranslatedStream(new ContinuedReader(call.openReader(), point), writer, onStreamed, parts),
    readAnswer: (body) => {
      const answer = call.readAnswer(body)
      return {
        body,
        usage: gatherAnswer(answer).usage,
        asStream: () => {
          const rest = new ContinuedParts(point).take(answer)
          const events = rest.flatMap((part) => [...writer.write(part)])
          return { events: Buffer.concat(events), terminal: writer.end() }
        },
      }
    },
  }
}
