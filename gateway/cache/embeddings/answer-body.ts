import { isJsonObject, type JsonValue } from '../../model/json.ts'
import { type FieldSpan, scanElements, scanTopLevelFields } from '../../model/json-fields.ts'
import { rewriteFields } from '../../model/rewrite-fields.ts'

/** An embeddings answer taken apart: each vector as the upstream wrote it, and the text around them. */
export interface SplitAnswer {
  /** Vectors in the order of the inputs, as JSON text (a list of numbers or a base64 string). */
  readonly vectors: readonly Buffer[]
  /** What stands before the first vector, between them and after the last: one more than there are vectors. */
  readonly frame: readonly Buffer[]
  /** As reported; null where the answer has none. */
  readonly promptTokens: number | null
}

/**
 * Takes a complete answer apart. Undefined when it is not an ordered list of exactly `count` vectors: such an answer is
 * given on as it is and kept as a whole.
 */
export function splitAnswer(body: Buffer, count: number): SplitAnswer | undefined {
  try {
    const text = body.toString('latin1')
    const fields = scanTopLevelFields(body, text)
    const data = fields.get('data')
    if (data === undefined) return undefined
    const elements = scanElements(text, data.valueStart)
    if (elements.length !== count) return undefined
    const spans = elements.map(({ start, end }, index) => vectorSpan(body.subarray(start, end), start, index))
    if (!spans.every((span) => span !== undefined)) return undefined
    return { ...cut(body, spans), promptTokens: readPromptTokens(body, fields) }
  } catch {
    return undefined
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

function vectorSpan(element: Buffer, offset: number, index: number): Span | undefined {
  const fields = scanTopLevelFields(element)
  const place = fields.get('index')
  const vector = fields.get('embedding')
  if (vector === undefined || (place !== undefined && readValue(element, place) !== index)) return undefined
  return { start: offset + vector.valueStart, end: offset + vector.valueEnd }
}

function cut(body: Buffer, spans: readonly Span[]): Pick<SplitAnswer, 'vectors' | 'frame'> {
  const vectors: Buffer[] = []
  const frame: Buffer[] = []
  let at = 0
  for (const { start, end } of spans) {
    frame.push(body.subarray(at, start))
    vectors.push(body.subarray(start, end))
    at = end
  }
  return { vectors, frame: [...frame, body.subarray(at)] }
}

function readPromptTokens(body: Buffer, fields: ReadonlyMap<string, FieldSpan>): number | null {
  const span = fields.get('usage')
  const usage = span === undefined ? null : readValue(body, span)
  const tokens = isJsonObject(usage) ? usage.prompt_tokens : null
  return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : null
}

function readValue(body: Buffer, span: FieldSpan): JsonValue {
  return JSON.parse(body.toString('utf8', span.valueStart, span.valueEnd)) as JsonValue
}

/** The frame's text with vectors put into it: with those it was made with, the very bytes of that answer. */
export function fillFrame(frame: readonly Buffer[], vectors: readonly Buffer[]): Buffer {
  return Buffer.concat(frame.flatMap((piece, index) => [piece, vectors[index] ?? noBytes]))
}

const noBytes = Buffer.alloc(0)

/** An answer of these vectors in this order. All but `data` and `usage` is as in `like`, another answer of the same model. */
export function composeAnswer(like: Buffer, vectors: readonly Buffer[], promptTokens: number | null): Buffer {
  const items = vectors.map(
    (vector, index) => `{"object":"embedding","index":${index},"embedding":${vector.toString()}}`,
  )
  const fields = scanTopLevelFields(like)
  const changes = new Map([['data', `[${items.join(',')}]`]])
  if (promptTokens !== null) changes.set('usage', `{"prompt_tokens":${promptTokens},"total_tokens":${promptTokens}}`)
  return rewriteFields(like, fields, {
    remove: new Set(promptTokens === null ? ['usage'] : []),
    replace: new Map([...changes].filter(([name]) => fields.has(name))),
    add: new Map([...changes].filter(([name]) => !fields.has(name))),
  })
}
