import type { WriteContext, DialectCodec } from '../../dialects/codec.ts'
import type { AnswerPart } from '../../model/answer-parts.ts'
import type { AnswerReader } from '../../providers/provider.ts'
import type { BegunStream } from '../translated-stream.ts'

/**
 * Takes over a stream whose bytes passed through: reads them as their own wire, and has a writer of the dialect write the
 * same parts once more, to nobody, so that it can go on where the bytes end. Undefined where that reading fails.
 */
export function takeOver(
  sent: Buffer,
  reader: AnswerReader,
  codec: DialectCodec,
  context: WriteContext,
): BegunStream | undefined {
  // The elements of a list are not what the wire's reader reads.
  if (codec.streamForm === 'json-array') return undefined
  const parts: readonly AnswerPart[] = reader.feed(sent)
  if (parts.some((part) => part.type === 'error' || part.type === 'finish')) return undefined
  const identity = codec.readIdentity?.(sent) ?? {}
  const writer = codec.openWriter({ ...context, identity })
  for (const part of parts) writer.write(part)
  writer.takeOver?.(identity)
  return { parts, writer }
}
