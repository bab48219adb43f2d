import { responsesCodec } from '../../../../gateway/dialects/responses/codec.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { PartWriter, WriteContext } from '../../../../gateway/dialects/codec.ts'

/** Reads a body that says hello unless told otherwise. */
export function readBody(body: JsonObject): ModelRequest {
  return responsesCodec.readRequest({ body: { model: 'router', input: 'hello', ...body }, headers: {}, url: {} })
}

export function contextFor(body: JsonObject = {}): WriteContext {
  return { callId: 'call-1', model: 'router', createdAt: 1_795_132_800, request: readBody(body) }
}

export function openWriter(body: JsonObject = {}): PartWriter {
  return responsesCodec.openWriter(contextFor(body))
}

/** The bytes of a stream that ends well. */
export function writeStream(parts: readonly AnswerPart[], body: JsonObject = {}): Buffer {
  const writer = openWriter(body)
  return Buffer.concat([...parts.flatMap((entry) => [...writer.write(entry)]), writer.end()])
}

export interface WrittenEvent extends JsonObject {
  type: string
  sequence_number: number
}

/** The events of a stream, each checked against its `event:` line. */
export function eventsOf(bytes: Buffer): WrittenEvent[] {
  const blocks = bytes
    .toString('utf8')
    .split('\n\n')
    .filter((block) => block !== '')
  return blocks.map((block) => {
    const [name, data, ...more] = block.split('\n')
    const event = JSON.parse((data ?? '').slice('data: '.length)) as WrittenEvent
    if (name !== `event: ${event.type}` || more.length > 0) throw new Error(`a badly framed event: ${block}`)
    return event
  })
}

export const streamOf = (parts: readonly AnswerPart[], body: JsonObject = {}): WrittenEvent[] =>
  eventsOf(writeStream(parts, body))

/** One part in the usual order, in the given pieces. */
export function part(
  index: number,
  opened: Extract<AnswerPart, { type: 'part-start' }>['part'],
  pieces: readonly string[],
  opaque?: Extract<AnswerPart, { type: 'part-end' }>['opaque'],
): AnswerPart[] {
  return [
    { type: 'part-start', index, part: opened },
    ...pieces.map((text): AnswerPart => ({ type: 'part-delta', index, text })),
    { type: 'part-end', index, ...(opaque === undefined ? {} : { opaque }) },
  ]
}

export const finish = (reason: Extract<AnswerPart, { type: 'finish' }>['reason'] = 'stop'): AnswerPart => ({
  type: 'finish',
  reason,
  raw: null,
})

export const usage: AnswerPart = {
  type: 'usage',
  usage: { inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 8, outputTokens: 40, reasoningTokens: 10 },
}
