import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { gatherAnswer, type ModelAnswer } from '../../../../gateway/model/answer.ts'
import { ChatReader, readChatAnswerParts } from '../../../../gateway/providers/chat-wire/chat-reader.ts'
import { chatChunk, chatStream, readAll, type StreamFraming } from '../../../doubles/wires/chat-upstream.ts'
import {
  reading,
  parts,
  answer,
  delta,
  stop,
  toolStop,
  usage,
  usageChunk,
  toolDelta,
  named,
  more,
  calls,
} from './chat-stream-double.ts'

describe('reading a chat stream', () => {
  it('gives text, usage and finish in order, ended by the marker', () => {
    expect(parts([delta({ role: 'assistant', content: '' }), delta({ content: 'Hi' }), stop, usageChunk])).toEqual([
      { type: 'start', id: 'chatcmpl-double', model: 'double-1' },
      { type: 'part-start', index: 0, part: { type: 'text' } },
      { type: 'part-delta', index: 0, text: 'Hi' },
      {
        type: 'usage',
        usage: { inputTokens: 10, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 5, reasoningTokens: 0 },
      },
      { type: 'part-end', index: 0 },
      { type: 'finish', reason: 'stop', raw: 'stop' },
    ])
  })

  it('pitfall 1: reasoning and then text are two parts and one start', () => {
    const list = parts([delta({ reasoning_content: 'hm' }), delta({ content: 'yes' }), stop])
    expect(list.filter((part) => part.type === 'start')).toHaveLength(1)
    expect(gatherAnswer(list).parts.map(({ part, text }) => [part.type, text])).toEqual([
      ['reasoning', 'hm'],
      ['text', 'yes'],
    ])
  })

  it('pitfall 2: an answer of calls only has no text part', () => {
    const whole = answer([
      delta({ role: 'assistant', content: null }),
      toolDelta(named(0, 'a', 'f', '{"x":1}')),
      toolStop,
    ])
    expect(whole.parts.map(({ part }) => part.type)).toEqual(['tool-call'])
  })

  it('pitfall 5: chunks without choices, without delta or with a null delta are no trouble', () => {
    const odd = [
      { id: 'c', choices: [], prompt_filter_results: [] },
      { id: 'c' },
      delta(null),
      { choices: [{ index: 0 }] },
    ]
    expect(answer([...odd, delta({ content: 'ok' }), stop]).parts[0]?.text).toBe('ok')
  })

  it('pitfall 10: usage in the finish chunk counts', () => {
    expect(answer([delta({ content: 'a' }), chatChunk({}, 'stop', { usage })]).usage).toMatchObject({ inputTokens: 10 })
  })

  it.each(['\n', '\r\n', '\r'] as const)('pitfall 11: lines that end in %j', (lineEnd) => {
    expect(answer([delta({ content: 'a' }), stop], { lineEnd }).parts[0]?.text).toBe('a')
  })

  it('pitfall 12: the data lines of one event are one JSON text', () => {
    const event = Buffer.from(
      'data: {"choices":[{"index":0,\ndata: "delta":{"content":"a"},"finish_reason":"stop"}]}\n\n',
    )
    expect(gatherAnswer(readAll(new ChatReader(reading()), event)).parts[0]?.text).toBe('a')
  })

  it('pitfall 13: characters survive every cut', () => {
    const bytes = chatStream([delta({ content: '🚦信号' }), stop])
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const list = readAll(new ChatReader(reading()), bytes, [cut, bytes.length])
      expect(gatherAnswer(list).parts[0]?.text).toBe('🚦信号')
    }
  })

  it('pitfall 14: comments are no content', () => {
    expect(answer([delta({ content: 'a' }), stop], { comments: true }).parts).toHaveLength(1)
  })

  it.each([
    ['alone', { error: { message: 'broke', code: 502 } }],
    ['with a finish of error', chatChunk({ content: '' }, 'error', { error: { message: 'broke', code: 502 } })],
    ['in the choice', { choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { message: 'broke' } }] }],
    ['flat', { object: 'error', message: 'broke', code: 502 }],
    ['as a text', { error: 'broke' }],
  ])('pitfall 15, 27: an error %s ends the answer and nothing follows', (_case, chunk) => {
    const list = parts([delta({ content: 'a' }), chunk, delta({ content: 'b' }), stop])
    expect(list.at(-1)).toMatchObject({ type: 'error', error: { upstream: { status: 502 } } })
    expect(JSON.stringify(list)).not.toContain('"b"')
  })

  it('pitfall 85: an error as the first frame is no empty success', () => {
    const list = parts([{ error: { message: 'full', code: 429 } }])
    expect(list).toMatchObject([{ type: 'error', error: { code: 'rate_limited' } }])
  })

  it('pitfall 20: readers share nothing', () => {
    const bytes = chatStream([delta({ content: 'one' }), toolDelta(named(0, 'a', 'f', '{"x":1}')), toolStop])
    const readers = Array.from({ length: 50 }, () => new ChatReader(reading()))
    const lists: AnswerPart[][] = readers.map(() => [])
    for (let at = 0; at < bytes.length; at += 7) {
      for (const [position, reader] of readers.entries()) {
        lists[position]?.push(...reader.feed(bytes.subarray(at, at + 7)))
      }
    }
    for (const list of lists) expect(list).toEqual(lists[0])
  })

  it('pitfall 21: a finish without content and without tokens is no success', () => {
    expect(parts([delta({ role: 'assistant', content: '' }), stop]).at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_invalid_answer' },
    })
    // A model may say nothing on purpose: then it has spent tokens.
    expect(parts([delta({ content: '' }), stop, usageChunk]).at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['model_length', 'context_full'],
    ['content_filter', 'filtered'],
    ['sensitive', 'filtered'],
    ['eos', 'stop'],
    ['end_turn', 'stop'],
    ['tool_calls', 'stop'],
    ['never-heard-of', 'stop'],
  ])('pitfall 25: the reason %s of a text is %s', (raw, reason) => {
    expect(parts([delta({ content: 'a' }), chatChunk({}, raw)]).at(-1)).toEqual({ type: 'finish', reason, raw })
  })

  it.each(['error', 'abort', 'insufficient_system_resource', 'MALFORMED_FUNCTION_CALL', 'network_error'])(
    'pitfall 25: the reason %s is an error',
    (raw) => {
      expect(parts([delta({ content: 'a' }), chatChunk({}, raw)]).at(-1)).toMatchObject({ type: 'error' })
    },
  )

  it('pitfall 25: an unknown reason is told of', () => {
    expect(parts([delta({ content: 'a' }), chatChunk({}, 'odd')])).toContainEqual({
      type: 'warning',
      text: 'the finish reason "odd" was read as stop',
    })
  })

  it('pitfall 26: stop with calls means calls', () => {
    expect(answer([toolDelta(named(0, 'a', 'f', '{}')), stop]).finish).toBe('tools')
  })

  it('pitfall 67: an empty finish reason on each chunk ends nothing', () => {
    const chunks = [chatChunk({ content: 'a' }, ''), chatChunk({ content: 'b' }, ''), chatChunk({}, 'stop')]
    expect(answer(chunks).parts[0]?.text).toBe('ab')
  })

  it.each([
    ['text', [delta({ content: 'a' })]],
    ['arguments', [toolDelta(named(0, 'a', 'f', '{"x":'))]],
  ])('pitfall 69: an end of bytes within %s is no end', (_case, chunks) => {
    const list = parts(chunks, { done: false })
    expect(list.some((part) => part.type === 'finish' || part.type === 'error')).toBe(false)
  })

  it('pitfall 69: a marker or a usage chunk within arguments is no success', () => {
    const begun = toolDelta(named(0, 'a', 'f', '{"x":'))
    for (const list of [parts([begun]), parts([begun, usageChunk], { done: false })]) {
      expect(list.at(-1)).toMatchObject({ type: 'error', error: { code: 'upstream_stream_cut' } })
    }
  })

  it('pitfall 69: arguments cut at the output limit are not repaired', () => {
    expect(calls(answer([toolDelta(named(0, 'a', 'f', '{"x":')), chatChunk({}, 'length')]))).toEqual([['f', '{"x":']])
  })

  it.each([
    ['the marker', [delta({ content: 'a' })], true],
    ['a usage chunk', [delta({ content: 'a' }), usageChunk], false],
  ])('pitfall 70: %s without a finish reason ends with a warning', (_case, chunks, done) => {
    const list = parts(chunks, { done })
    expect(list.at(-1)).toEqual({ type: 'finish', reason: 'stop', raw: null })
    expect(list.some((part) => part.type === 'warning')).toBe(true)
  })

  it.each([
    ['reasoning_content', { reasoning_content: 'why' }],
    ['reasoning (pitfall 51)', { reasoning: 'why' }],
    ['thinking', { thinking: 'why' }],
    ['both names at once (pitfall 51)', { reasoning: 'why', reasoning_content: 'why' }],
    ['reasoning_details', { reasoning: 'why', reasoning_details: [{ type: 'reasoning.text', text: 'why', index: 0 }] }],
    ['a thinking part', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'why' }], closed: true }] }],
  ])('reads reasoning in %s', (_case, field) => {
    const whole = answer([delta(field), delta({ content: 'so' }), stop])
    expect(whole.parts.map(({ part, text }) => [part.type, text])).toEqual([
      ['reasoning', 'why'],
      ['text', 'so'],
    ])
  })

  it('keeps reasoning_details whole, in order and with the scope of the upstream', () => {
    const detail = (index: number, fields: object): object => ({ type: 'reasoning.text', index, ...fields })
    const whole = answer([
      delta({ reasoning_details: [detail(0, { text: 'a', format: 'x' })] }),
      delta({ reasoning_details: [detail(0, { text: 'b', signature: 's' })] }),
      delta({ reasoning_details: [{ type: 'reasoning.encrypted', index: 1, data: 'e' }] }),
      delta({ content: 'so' }),
      stop,
    ])
    expect(whole.parts[0]?.opaque).toEqual([
      {
        scope: 'here',
        kind: 'reasoning_details',
        data: [
          { type: 'reasoning.text', index: 0, text: 'ab', format: 'x', signature: 's' },
          { type: 'reasoning.encrypted', index: 1, data: 'e' },
        ],
      },
    ])
  })

  it('reads the last event of an upstream that ends without a blank line', () => {
    expect(answer([delta({ content: 'a' }), stop], { done: false, lastBlankLine: false }).finish).toBe('stop')
  })

  it('gives the same parts for every chunking', () => {
    const chunks = [
      delta({ role: 'assistant', reasoning_content: 'überlegt 🚦' }),
      delta({ content: 'Text 信号' }),
      toolDelta(named(0, 'a', 'f', '{"x"')),
      toolDelta(named(0, 'b', 'g', '{"y":2}'), more(0, '')),
      toolDelta(more(0, ':"ü"}', { id: 'a' })),
      toolStop,
      usageChunk,
    ]
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom<StreamFraming>({}, { lineEnd: '\r\n' }, { comments: true, lineEnd: '\r' }),
        (sizes, framing) => {
          expect(parts(chunks, framing, sizes)).toEqual(parts(chunks))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('never throws, whatever the bytes say', () => {
    fc.assert(
      fc.property(fc.array(fc.json({ maxDepth: 4 }), { maxLength: 5 }), (events) => {
        const bytes = Buffer.from(events.map((event) => `data: ${event}\n\n`).join(''))
        expect(Array.isArray(readAll(new ChatReader(reading()), bytes))).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

describe('reading a whole chat completion', () => {
  const completion = (message: object, finish = 'stop'): Buffer =>
    Buffer.from(JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason: finish }], usage }))
  const whole = (message: object, finish?: string): ModelAnswer =>
    gatherAnswer(readChatAnswerParts(reading(), completion(message, finish)))

  it('reads text, reasoning, refusal and calls', () => {
    const answered = whole({
      role: 'assistant',
      reasoning_content: 'hm',
      content: 'text',
      refusal: 'no',
      tool_calls: [named(undefined, 'a', 'f', '{"x":1}'), named(undefined, 'a', 'f', '{"x":1}')],
    })
    expect(answered.parts.map(({ part }) => part.type)).toEqual([
      'reasoning',
      'text',
      'refusal',
      'tool-call',
      'tool-call',
    ])
    expect(answered.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 })
    const ids = answered.parts.flatMap(({ part }) => (part.type === 'tool-call' ? [part.id] : []))
    expect(new Set(ids).size).toBe(2)
  })

  it.each([
    ['no JSON', '<html>', 'upstream_invalid_answer'],
    ['a list', '[]', 'upstream_invalid_answer'],
    ['no choices', '{}', 'upstream_invalid_answer'],
    ['an error object', '{"error":{"message":"full","code":429}}', 'rate_limited'],
    ['no answer', '{"choices":[]}', 'upstream_invalid_answer'],
  ])('throws on %s', (_case, body, code) => {
    expect(() => readChatAnswerParts(reading(), Buffer.from(body))).toThrow(expect.objectContaining({ code }))
  })
})
