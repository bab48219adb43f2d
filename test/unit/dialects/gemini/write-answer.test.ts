import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WriteContext } from '../../../../gateway/dialects/codec.ts'
import { createGeminiCodec, geminiCodec } from '../../../../gateway/dialects/gemini/codec.ts'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import { type AnswerPart, finishReasons } from '../../../../gateway/model/answer-parts.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { OpaqueState } from '../../../../gateway/model/parts.ts'

const request: ModelRequest = {
  dialect: 'gemini',
  stream: true,
  turns: [],
  tools: [],
  reasoning: { visible: true },
  extensions: {},
  warnings: [],
}
const context: WriteContext = { callId: 'call-1', model: 'router', createdAt: 1, request }
const silent: WriteContext = { ...context, request: { ...request, reasoning: { visible: false } } }

const usage = { inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 0, outputTokens: 12, reasoningTokens: 5 }
const state: OpaqueState = { scope: 'anthropic:x', kind: 'signature', data: 'SIG' }

/** Reasoning with state, text, two parallel calls whose arguments arrive interleaved. */
const rich: readonly AnswerPart[] = [
  { type: 'start', id: 'up-1', model: 'claude' },
  { type: 'part-start', index: 0, part: { type: 'reasoning' } },
  { type: 'part-delta', index: 0, text: 'hm' },
  { type: 'part-end', index: 0, opaque: [state] },
  { type: 'part-start', index: 1, part: { type: 'text' } },
  { type: 'part-delta', index: 1, text: 'Grüße ' },
  { type: 'part-delta', index: 1, text: '👋' },
  { type: 'part-end', index: 1 },
  { type: 'part-start', index: 2, part: { type: 'tool-call', id: 'c1', name: 'read', kind: 'function' } },
  { type: 'part-start', index: 3, part: { type: 'tool-call', id: 'c2', name: 'now', kind: 'function' } },
  { type: 'part-delta', index: 2, text: '{"path":' },
  { type: 'part-end', index: 3 },
  { type: 'part-delta', index: 2, text: '"a"}' },
  { type: 'part-end', index: 2 },
  { type: 'usage', usage },
  { type: 'finish', reason: 'tools', raw: 'tool_use' },
]

function stream(parts: readonly AnswerPart[], form: 'sse' | 'json-array' = 'sse', given = context): string {
  const writer = createGeminiCodec({ framing: form }).openWriter(given)
  const bytes = parts.flatMap((part) => [...writer.write(part)])
  return Buffer.concat([...bytes, writer.end()]).toString()
}

function objectsOf(text: string): JsonObject[] {
  return text
    .split('\r\n\r\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as JsonObject)
}

const partsIn = (objects: readonly JsonObject[]): JsonObject[] =>
  objects.flatMap(
    (object) => (object as { candidates: { content: { parts: JsonObject[] } }[] }).candidates[0]?.content.parts ?? [],
  )

describe('writing streams', () => {
  it('every event is one whole object of data, the last with finish and usage', () => {
    const objects = objectsOf(stream(rich))
    for (const object of objects) expect(object).toMatchObject({ modelVersion: 'router', responseId: 'call-1' })
    expect(objects.at(-1)).toMatchObject({
      candidates: [{ finishReason: 'STOP', index: 0 }],
      usageMetadata: {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 7,
        thoughtsTokenCount: 5,
        totalTokenCount: 112,
      },
    })
    expect(objects.slice(0, -1).some((object) => 'usageMetadata' in object)).toBe(false)
  })

  it('row 57: calls come whole, arguments as an object', () => {
    const calls = partsIn(objectsOf(stream(rich))).flatMap((part) =>
      part.functionCall === undefined ? [] : [part.functionCall],
    )
    expect(calls).toEqual([
      { id: 'c2', name: 'now', args: {} },
      { id: 'c1', name: 'read', args: { path: 'a' } },
    ])
  })

  it('row 43: thoughts are marked, and kept from clients that did not ask for them', () => {
    expect(partsIn(objectsOf(stream(rich)))[0]).toEqual({ text: 'hm', thought: true })
    expect(stream(rich, 'sse', silent)).not.toContain('"thought"')
  })

  it('row 44: state of reasoning rides on the next part that clients keep and is read back', () => {
    const parts = partsIn(objectsOf(stream(rich, 'sse', silent)))
    const body = { contents: [{ role: 'model', parts }] }
    const turn = geminiCodec.readRequest({ body, headers: {}, url: {} }).turns[0]
    expect(turn?.parts[0]).toEqual({ type: 'reasoning', text: 'hm', opaque: [state] })
  })

  it('the other form is one JSON list', () => {
    expect(JSON.parse(stream(rich, 'json-array'))).toEqual(objectsOf(stream(rich)))
    expect(JSON.parse(stream([{ type: 'finish', reason: 'stop', raw: null }], 'json-array'))).toHaveLength(1)
  })

  it('pitfall 27: an error in the stream is an error object and no finish', () => {
    const error = new GatewayError('upstream_error', 'It broke.', { status: 503, retryAfterMs: 1_500 })
    for (const form of ['sse', 'json-array'] as const) {
      const writer = createGeminiCodec({ framing: form }).openWriter(context)
      const text = Buffer.concat([
        ...rich.slice(0, 7).flatMap((part) => [...writer.write(part)]),
        writer.fail(error),
      ]).toString()
      expect(text).not.toContain('finishReason')
      const objects = form === 'sse' ? objectsOf(text) : (JSON.parse(text) as JsonObject[])
      expect(objects.at(-1)).toMatchObject({
        error: { code: 503, message: 'It broke.', status: 'UNAVAILABLE', details: [{}, { retryDelay: '2s' }] },
      })
    }
  })

  it('pitfall 14: life signs disturb neither form, before the first object and between two', () => {
    for (const form of ['sse', 'json-array'] as const) {
      const writer = createGeminiCodec({ framing: form }).openWriter(context)
      const pieces = rich.flatMap((part) => [writer.keepAlive(), ...writer.write(part)])
      const text = Buffer.concat([...pieces, writer.end()]).toString()
      const objects = form === 'sse' ? objectsOf(text) : (JSON.parse(text) as JsonObject[])
      expect(objects).toEqual(objectsOf(stream(rich)))
    }
  })

  it('pitfall 69: arguments that were cut are wrapped, not repaired', () => {
    const cut = rich.map((part) =>
      part.type === 'part-delta' && part.text === '"a"}' ? { ...part, text: '"a' } : part,
    )
    expect(stream(cut)).toContain('"args":{"_raw":"{\\"path\\":\\"a"}')
  })

  it('the end stays the same when asked for twice', () => {
    const writer = geminiCodec.openWriter(context)
    for (const part of rich) writer.write(part)
    expect(writer.end()).toBe(writer.end())
  })
})

describe('writing whole answers', () => {
  const whole = (parts: readonly AnswerPart[]) =>
    JSON.parse(geminiCodec.writeAnswer(gatherAnswer(parts), context).toString()) as JsonObject

  it('holds what the stream holds', () => {
    const answer = whole(rich)
    const joined = partsIn([answer])
    expect(joined.map((part) => Object.keys(part)[0])).toEqual(['text', 'text', 'functionCall', 'functionCall'])
    expect(answer).toMatchObject({ candidates: [{ finishReason: 'STOP' }], usageMetadata: { totalTokenCount: 112 } })
  })

  it('puts the signature of a text on the text', () => {
    const parts: AnswerPart[] = [
      { type: 'part-start', index: 0, part: { type: 'text' } },
      { type: 'part-delta', index: 0, text: 'a' },
      { type: 'part-end', index: 0, opaque: [state] },
      { type: 'finish', reason: 'stop', raw: null },
    ]
    expect(partsIn([whole(parts)])).toEqual([{ text: 'a', thoughtSignature: expect.any(String) }])
  })

  it.each(finishReasons.map((reason) => [reason]))('row 59: %s has a word', (reason) => {
    const words = {
      stop: 'STOP',
      tools: 'STOP',
      paused: 'STOP',
      length: 'MAX_TOKENS',
      context_full: 'MAX_TOKENS',
      filtered: 'SAFETY',
    }
    expect(whole([{ type: 'finish', reason, raw: 'their_word' }])).toMatchObject({
      candidates: [{ finishReason: words[reason] }],
    })
  })

  it('a word of this dialect is kept', () => {
    expect(whole([{ type: 'finish', reason: 'filtered', raw: 'RECITATION' }])).toMatchObject({
      candidates: [{ finishReason: 'RECITATION' }],
    })
  })

  it('usage is left out where none is known', () => {
    expect(whole([{ type: 'finish', reason: 'stop', raw: null }])).not.toHaveProperty('usageMetadata')
  })
})

describe('errors', () => {
  it.each([
    [new GatewayError('invalid_field', 'Wrong.', { param: 'contents' }), 400, 'INVALID_ARGUMENT'],
    [new GatewayError('missing_key', 'No key.'), 401, 'UNAUTHENTICATED'],
    [new GatewayError('rate_limited', 'Wait.'), 429, 'RESOURCE_EXHAUSTED'],
    [new GatewayError('upstream_error', 'Broke.'), 502, 'UNAVAILABLE'],
  ])('%s', (error, code, status) => {
    expect(geminiCodec.errorBody(error, 'call-1')).toMatchObject({ error: { code, status, message: error.message } })
  })

  it('pitfall 65: a conversation that is too long is told in the service’s words', () => {
    const error = new GatewayError('context_length_exceeded', 'prompt is too long: 5 > 4')
    expect(JSON.stringify(geminiCodec.errorBody(error, 'c'))).toContain(
      'input token count exceeds the maximum number of tokens',
    )
  })
})

describe('any order of deltas', () => {
  it('loses and doubles no text', () => {
    const piece = fc.record({ index: fc.integer({ min: 0, max: 2 }), text: fc.string({ minLength: 1 }) })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const kinds = ['text', 'reasoning', 'refusal'] as const
        const parts: AnswerPart[] = [
          ...kinds.map((type, index): AnswerPart => ({ type: 'part-start', index, part: { type } })),
          ...pieces.map(({ index, text }): AnswerPart => ({ type: 'part-delta', index, text })),
          ...kinds.map((_type, index): AnswerPart => ({ type: 'part-end', index })),
          { type: 'finish', reason: 'stop', raw: null },
        ]
        const written = partsIn(objectsOf(stream(parts))).map((part) => part.text)
        expect(written).toEqual(pieces.map(({ text }) => text))
      }),
    )
  })
})
