import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { GeminiReader, readGeminiAnswer } from '../../../../gateway/providers/gemini/gemini-reader.ts'
import {
  type GeminiFraming,
  geminiChunk,
  geminiError,
  geminiEvents,
  geminiList,
  readAll,
  textChunks,
} from '../../../doubles/wires/gemini-upstream.ts'
import { readerOptions, readTool, scope } from './model-call.ts'

function read(chunks: readonly object[], framing: GeminiFraming = {}): AnswerPart[] {
  return readAll(new GeminiReader(readerOptions([readTool])), geminiEvents(chunks, framing))
}

const signature = (data: string) => [{ scope, kind: 'thought_signature', data }]

/** Thoughts, text with other scripts, two parallel calls of which the first is signed, usage that grows. */
const rich = [
  geminiChunk({ parts: [{ text: 'Let me ', thought: true }], usage: { prompt: 100, cached: 60 } }),
  geminiChunk({ parts: [{ text: 'think 思考', thought: true }] }),
  geminiChunk({ parts: [{ text: 'Grüße 👋' }] }),
  geminiChunk({
    parts: [
      { functionCall: { name: 'read', args: { path: 'ä' } }, thoughtSignature: 'S1' },
      { functionCall: { id: 'given', name: 'read' } },
    ],
  }),
  geminiChunk({ finish: 'STOP', usage: { prompt: 100, cached: 60, candidates: 7, thoughts: 5 } }),
]

describe('the reader of Gemini answers', () => {
  it('gives every kind of part in order', () => {
    const answer = gatherAnswer(read(rich))
    expect(answer).toMatchObject({ id: 'response-double', model: 'gemini-double', finish: 'tools', rawFinish: 'STOP' })
    expect(answer.parts.map(({ part, text }) => [part.type, text])).toEqual([
      ['reasoning', 'Let me think 思考'],
      ['text', 'Grüße 👋'],
      ['tool-call', '{"path":"ä"}'],
      ['tool-call', '{}'],
    ])
    expect(answer.parts.map(({ opaque }) => opaque)).toEqual([[], [], signature('S1'), []])
  })

  it('row 46: usage has one meaning: cached within the input, thoughts within the output', () => {
    expect(gatherAnswer(read(rich)).usage).toEqual({
      inputTokens: 100,
      cachedTokens: 60,
      cacheWriteTokens: 0,
      outputTokens: 12,
      reasoningTokens: 5,
    })
  })

  it('pitfall 24: cached tokens never exceed the input; tool-use prompts count as input', () => {
    const chunks = [
      geminiChunk({ parts: [{ text: 'a' }], finish: 'STOP', usage: { prompt: 10, cached: 99, toolUse: 5 } }),
    ]
    expect(gatherAnswer(read(chunks)).usage).toMatchObject({ inputTokens: 15, cachedTokens: 15 })
  })

  it('pitfall 7, 26: calls of several chunks are counted through and make the finish "tools"', () => {
    const call = { functionCall: { name: 'read', args: {} } }
    const answer = gatherAnswer(read([geminiChunk({ parts: [call] }), geminiChunk({ parts: [call], finish: 'STOP' })]))
    const ids = answer.parts.map(({ part }) => (part.type === 'tool-call' ? part.id : ''))
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
    expect(answer.finish).toBe('tools')
  })

  it('pitfall 29, 46: an overlong id is shortened, the same every time, and the signature stays out of it', () => {
    const id = `call_${'x'.repeat(83)}`
    const chunks = [
      geminiChunk({ parts: [{ functionCall: { id, name: 'read' }, thoughtSignature: 'S' }], finish: 'STOP' }),
    ]
    const made = gatherAnswer(read(chunks)).parts[0]?.part
    expect(made).toEqual(gatherAnswer(read(chunks)).parts[0]?.part)
    expect(made).toMatchObject({ id: expect.stringMatching(/^[A-Za-z0-9_-]{1,40}$/) })
  })

  it('pitfall 45: a signature on an empty part at the end belongs to the part before it', () => {
    const answer = gatherAnswer(
      read([
        geminiChunk({ parts: [{ text: 'a' }] }),
        geminiChunk({ parts: [{ text: '', thoughtSignature: 'END' }], finish: 'STOP' }),
      ]),
    )
    expect(answer.parts).toEqual([{ part: { type: 'text' }, text: 'a', opaque: signature('END') }])
  })

  it('pitfall 2: a tool-only answer has only the call', () => {
    const answer = gatherAnswer(
      read([geminiChunk({ parts: [{ text: '' }, { functionCall: { name: 'read' } }], finish: 'STOP' })]),
    )
    expect(answer.parts.map(({ part }) => part.type)).toEqual(['tool-call'])
  })

  it('pitfall 40, 42: a freeform tool comes back as one, with its text', () => {
    const options = readerOptions([{ type: 'custom', name: 'apply_patch' }])
    const chunk = geminiChunk({
      parts: [{ functionCall: { name: 'apply_patch', args: { input: 'a\n"b"' } } }],
      finish: 'STOP',
    })
    const answer = gatherAnswer(readGeminiAnswer(options, Buffer.from(JSON.stringify(chunk))))
    expect(answer.parts[0]).toMatchObject({ part: { kind: 'custom', name: 'apply_patch' }, text: 'a\n"b"' })
  })

  it('row 19: a flat name comes back with its namespace', () => {
    const options = readerOptions([{ ...readTool, namespace: 'disk' } as typeof readTool])
    const chunk = geminiChunk({ parts: [{ functionCall: { name: 'disk__read' } }], finish: 'STOP' })
    const answer = gatherAnswer(readGeminiAnswer(options, Buffer.from(JSON.stringify(chunk))))
    expect(answer.parts[0]?.part).toMatchObject({ name: 'read', namespace: 'disk' })
  })

  it('row 13, 15: what no dialect can hold is named', () => {
    const chunks = [
      geminiChunk({ parts: [{ text: 'a' }, { inlineData: { mimeType: 'image/png', data: 'AA' } }] }),
      { candidates: [{ finishReason: 'STOP', groundingMetadata: { webSearchQueries: ['x'] } }] },
    ]
    expect(read(chunks).flatMap((part) => (part.type === 'warning' ? [part.text] : []))).toEqual([
      'dropped a part of the answer: inlineData',
      'dropped groundingMetadata of the answer',
    ])
  })

  it('goes on after a finish reason that was not the last, as older models sent one with every chunk', () => {
    const chunks = [
      geminiChunk({ parts: [{ text: 'a' }], finish: 'STOP' }),
      geminiChunk({ parts: [{ text: 'b' }], finish: 'STOP' }),
    ]
    expect(gatherAnswer(read(chunks)).parts[0]?.text).toBe('ab')
  })
})

describe('pitfall 25: every finish reason', () => {
  const text = { parts: [{ text: 'a' }] }
  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['SAFETY', 'filtered'],
    ['RECITATION', 'filtered'],
    ['BLOCKLIST', 'filtered'],
    ['PROHIBITED_CONTENT', 'filtered'],
    ['SPII', 'filtered'],
    ['LANGUAGE', 'filtered'],
    ['IMAGE_SAFETY', 'filtered'],
    ['OTHER', 'stop'],
    ['SOMETHING_NEW', 'stop'],
  ])('%s with text is %s', (finish, reason) => {
    expect(read([geminiChunk({ ...text, finish })]).at(-1)).toEqual({ type: 'finish', reason, raw: finish })
  })

  it.each(['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'])(
    'pitfall 21: %s is an error that may be retried, never a stop',
    (finish) => {
      const last = read([geminiChunk({ ...text, finish })]).at(-1)
      expect(last).toMatchObject({ type: 'error', error: { code: 'upstream_invalid_answer', shouldRetry: true } })
    },
  )

  it.each(['STOP', 'OTHER', 'NO_IMAGE'])('pitfall 21: %s without any output is an error', (finish) => {
    expect(read([geminiChunk({ finish })]).at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_invalid_answer' },
    })
  })

  it('a limit that thinking used up is a limit and no error', () => {
    expect(read([geminiChunk({ finish: 'MAX_TOKENS' })]).at(-1)).toMatchObject({ type: 'finish', reason: 'length' })
  })

  it('row 45: a blocked prompt is filtered', () => {
    const chunk = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } }
    expect(read([chunk]).at(-1)).toEqual({ type: 'finish', reason: 'filtered', raw: 'PROHIBITED_CONTENT' })
  })
})

describe('streams as they come', () => {
  it.each([
    { lineEnd: '\n' },
    { lineEnd: '\r\n' },
    { lineEnd: '\r' },
    { lastBlankLine: false },
    { comments: true },
  ] as const)('pitfall 11, 14: framing %j', (framing) => {
    expect(read(rich, framing)).toEqual(read(rich))
  })

  it('pitfall 13, 20: any chunking gives the same parts', () => {
    const bytes = geminiEvents(rich)
    const whole = read(rich)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        expect(readAll(new GeminiReader(readerOptions([readTool])), bytes, sizes)).toEqual(whole)
      }),
      { numRuns: 50 },
    )
  })

  it('pitfall 69: a cut stream has no finish, wherever it is cut between events', () => {
    for (let count = 0; count < rich.length - 1; count += 1) {
      expect(read(rich.slice(0, count)).filter((part) => part.type === 'finish' || part.type === 'error')).toEqual([])
    }
  })

  it('pitfall 15: an error object in the stream ends it, after what came before', () => {
    const parts = read([
      ...rich.slice(0, 3),
      geminiError({ code: 503, status: 'UNAVAILABLE', message: 'overloaded' }) as object,
      ...rich.slice(3),
    ])
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { status: 503, upstream: { type: 'UNAVAILABLE' } } })
    expect(parts.filter((part) => part.type === 'finish')).toEqual([])
  })

  it('reads a JSON list where events were asked for, in a stream and whole', () => {
    const list = geminiList(textChunks(['Hel', 'lo.']))
    const streamed = readAll(new GeminiReader(readerOptions()), list, [1])
    expect(streamed).toEqual(readGeminiAnswer(readerOptions(), list))
    expect(gatherAnswer(streamed).parts[0]?.text).toBe('Hello.')
  })

  it('pitfall 85: an error as the whole of a 200 answer is that error', () => {
    const body = Buffer.from(JSON.stringify(geminiError({ code: 429, status: 'RESOURCE_EXHAUSTED', inList: true })))
    expect(() => readGeminiAnswer(readerOptions(), body)).toThrow(expect.objectContaining({ code: 'rate_limited' }))
  })

  it.each(['<html>login</html>', '"text"', '[]', '{}', '', '{"candidates":[]}'])('%j is no answer', (body) => {
    expect(() => readGeminiAnswer(readerOptions(), Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'upstream_invalid_answer' }),
    )
  })

  it('never throws on any JSON in an event', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 4 }), (values) => {
        const text = values.map((value) => `data: ${JSON.stringify({ candidates: value, error: null })}\n\n`).join('')
        readAll(new GeminiReader(readerOptions()), Buffer.from(text))
      }),
    )
  })
})
