import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import type { AnswerReader } from '../../../gateway/providers/provider.ts'
import type { RawScript } from '../upstream/script.ts'

export { createGate, startUpstream as startGeminiUpstream, type Script, type Upstream } from '../upstream-server.ts'

/*
 * Shapes of generateContent and streamGenerateContent: ai.google.dev/api/generate-content and the types of @google/genai
 * 3.1.0; errors: google.rpc.Status and google.rpc.error_details. The texts are our own.
 */

export interface GeminiPart {
  readonly text?: string
  readonly thought?: boolean
  readonly thoughtSignature?: string
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args?: object }
  readonly [member: string]: unknown
}

export interface GeminiUsageScript {
  readonly prompt: number
  readonly candidates?: number
  readonly thoughts?: number
  readonly cached?: number
  readonly toolUse?: number
}

export interface GeminiChunkScript {
  /** Undefined: a candidate without content, as the service sends at times. */
  readonly parts?: readonly GeminiPart[]
  readonly finish?: string
  readonly usage?: GeminiUsageScript
  /** Members beside the candidates. */
  readonly more?: object
}

/** One response object: a chunk of a stream, or a whole answer. */
export function geminiChunk({ parts, finish, usage, more = {} }: GeminiChunkScript): object {
  return {
    candidates: [
      {
        ...(parts === undefined ? {} : { content: { parts, role: 'model' } }),
        ...(finish === undefined ? {} : { finishReason: finish }),
        index: 0,
      },
    ],
    ...(usage === undefined ? {} : { usageMetadata: usageMetadata(usage) }),
    modelVersion: 'gemini-double',
    responseId: 'response-double',
    ...more,
  }
}

/** A chunk of text pieces, one each, then the end with usage. */
export function textChunks(
  pieces: readonly string[],
  usage: GeminiUsageScript = { prompt: 20, candidates: 5 },
): object[] {
  return [
    ...pieces.map((text) => geminiChunk({ parts: [{ text }] })),
    geminiChunk({ parts: [{ text: '' }], finish: 'STOP', usage }),
  ]
}

function usageMetadata(usage: GeminiUsageScript): object {
  const { prompt, candidates = 0, thoughts, cached, toolUse } = usage
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + candidates + (thoughts ?? 0) + (toolUse ?? 0),
    ...(thoughts === undefined ? {} : { thoughtsTokenCount: thoughts }),
    ...(cached === undefined ? {} : { cachedContentTokenCount: cached }),
    ...(toolUse === undefined ? {} : { toolUsePromptTokenCount: toolUse }),
  }
}

export interface GeminiFraming {
  /** The service has been seen with both (nyro#265). */
  readonly lineEnd?: '\n' | '\r\n' | '\r'
  /** False leaves the blank line after the last event out. */
  readonly lastBlankLine?: boolean
  readonly comments?: boolean
}

/** A stream as it comes with `alt=sse`. */
export function geminiEvents(chunks: readonly object[], framing: GeminiFraming = {}): Buffer {
  const { lineEnd = '\r\n', lastBlankLine = true, comments = false } = framing
  const comment = comments ? `: life sign${lineEnd}${lineEnd}` : ''
  const text = chunks.map((chunk) => `${comment}data: ${JSON.stringify(chunk)}${lineEnd}${lineEnd}`).join('')
  return Buffer.from(lastBlankLine ? text : text.slice(0, -2 * lineEnd.length))
}

/** A stream as it comes without `alt=sse`: one JSON list. */
export function geminiList(chunks: readonly object[]): Buffer {
  return Buffer.from(`[${chunks.map((chunk) => JSON.stringify(chunk)).join('\n,\r\n')}\n]\n`)
}

/** A stream for the server of the double; `cutAfter` breaks the connection after so many events, `bytes` cuts the writes. */
export function geminiStreamScript(
  chunks: readonly object[],
  options: GeminiFraming & { readonly cutAfter?: number; readonly bytes?: number } = {},
): RawScript {
  const kept = options.cutAfter === undefined ? chunks : chunks.slice(0, options.cutAfter)
  const whole = geminiEvents(kept, options)
  return {
    kind: 'raw',
    headers: { 'content-type': 'text/event-stream' },
    body: options.bytes === undefined ? [whole] : cutInto(whole, options.bytes),
    ...(options.cutAfter === undefined ? {} : { cut: true }),
  }
}

export function geminiAnswerScript(answer: object): RawScript {
  return { kind: 'raw', headers: { 'content-type': 'application/json; charset=UTF-8' }, body: [JSON.stringify(answer)] }
}

export interface GeminiErrorScript {
  readonly code: number
  readonly status: string
  readonly message?: string
  readonly details?: readonly object[]
  /** Streaming and compat endpoints wrap the error in a list. */
  readonly inList?: boolean
}

export function geminiError({
  code,
  status,
  message = 'The double refuses.',
  details,
  inList = false,
}: GeminiErrorScript): unknown {
  const body = { error: { code, message, status, ...(details === undefined ? {} : { details }) } }
  return inList ? [body] : body
}

export function geminiErrorScript(error: GeminiErrorScript): RawScript {
  return {
    kind: 'raw',
    status: error.code,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: [JSON.stringify(geminiError(error))],
  }
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

function cutInto(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
}
