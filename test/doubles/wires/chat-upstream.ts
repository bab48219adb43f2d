import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import type { AnswerReader } from '../../../gateway/providers/provider.ts'
import type { RawScript } from '../upstream/script.ts'

export { createGate, startUpstream as startChatUpstream, type Script, type Upstream } from '../upstream-server.ts'

/*
 * The chat wire below the level of test/doubles/upstream-server.ts: any chunks at all, in any framing, for the variants
 * that real servers send and OpenAI does not.
 */

export type LineEnd = '\n' | '\r\n' | '\r'

export interface StreamFraming {
  readonly lineEnd?: LineEnd
  /** False leaves `data: [DONE]` out. */
  readonly done?: boolean
  /** A comment before each event. */
  readonly comments?: boolean
  /** False leaves the blank line after the last event out. */
  readonly lastBlankLine?: boolean
}

/** A stream of chunks as bytes. */
export function chatStream(chunks: readonly object[], framing: StreamFraming = {}): Buffer {
  const { lineEnd = '\n', done = true, comments = false, lastBlankLine = true } = framing
  const payloads = [...chunks.map((chunk) => JSON.stringify(chunk)), ...(done ? ['[DONE]'] : [])]
  const comment = comments ? `: OPENROUTER PROCESSING${lineEnd}${lineEnd}` : ''
  const text = payloads.map((payload) => `${comment}data: ${payload}${lineEnd}${lineEnd}`).join('')
  return Buffer.from(lastBlankLine ? text : text.slice(0, -2 * lineEnd.length))
}

/** One chunk with a delta. */
export function chatChunk(delta: object | null, finish: string | null = null, more: object = {}): object {
  return {
    id: 'chatcmpl-double',
    object: 'chat.completion.chunk',
    created: 1_795_132_800,
    model: 'double-1',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  }
}

/** A stream as a script for the server of the double. */
export function streamScript(chunks: readonly object[], framing: StreamFraming = {}): RawScript {
  return { kind: 'raw', headers: { 'content-type': 'text/event-stream' }, body: [chatStream(chunks, framing)] }
}

/** Everything that a reader makes of bytes, fed in pieces of the given sizes (the last size repeats). */
export function readAll(reader: AnswerReader, bytes: Buffer, sizes: readonly number[] = [bytes.length]): AnswerPart[] {
  const parts: AnswerPart[] = []
  let start = 0
  for (let turn = 0; start < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[Math.min(turn, sizes.length - 1)] ?? 1)
    parts.push(...reader.feed(bytes.subarray(start, start + size)))
    start += size
  }
  return [...parts, ...reader.finish()]
}
