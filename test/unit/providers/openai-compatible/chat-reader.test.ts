import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { gatherAnswer, type ModelAnswer } from '../../../../gateway/model/answer.ts'
import { flattenToolNames } from '../../../../gateway/model/flatten-tools.ts'
import type { ToolDefinition } from '../../../../gateway/model/model-request.ts'
import {
  ChatReader,
  type ChatReading,
  readChatAnswerParts,
} from '../../../../gateway/providers/chat-wire/chat-reader.ts'
import { unwrapCustomInput } from '../../../../gateway/providers/openai-compatible/custom-tools.ts'
import { chatChunk, chatStream, readAll, type StreamFraming } from '../../../doubles/wires/chat-upstream.ts'

function reading(tools: readonly ToolDefinition[] = []): ChatReading {
  const names = flattenToolNames(tools)
  const wrapped = new Set(tools.filter((tool) => tool.type === 'custom').map((tool) => names.flat(tool)))
  return {
    upstream: { provider: 'double', upstreamModel: 'double-1' },
    names,
    scope: 'here',
    isWrapped: (name) => wrapped.has(name),
    unwrap: unwrapCustomInput,
  }
}

function parts(chunks: readonly object[], framing: StreamFraming = {}, sizes?: readonly number[]): AnswerPart[] {
  return readAll(new ChatReader(reading()), chatStream(chunks, framing), sizes)
}

const answer = (chunks: readonly object[], framing: StreamFraming = {}): ModelAnswer =>
  gatherAnswer(parts(chunks, framing))

const delta = chatChunk
const stop = chatChunk({}, 'stop')
const toolStop = chatChunk({}, 'tool_calls')
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const usageChunk = { id: 'c', choices: [], usage }
const toolDelta = (...entries: readonly object[]): object => delta({ tool_calls: entries })
const named = (index: unknown, id: unknown, name: string, given = ''): object => ({
  index,
  id,
  type: 'function',
  function: { name, arguments: given },
})
const more = (index: unknown, given: unknown, rest: object = {}): object => ({
  index,
  function: { arguments: given },
  ...rest,
})

const calls = (whole: ModelAnswer): (string | undefined)[][] =>
  whole.parts.flatMap(({ part, text }) => (part.type === 'tool-call' ? [[part.name, text]] : []))

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

  it.each([
    ['index 0 for both', [named(0, 'a', 'f', '{"x":1}'), named(0, 'b', 'g', '{"y":2}')]],
    ['no index', [named(undefined, 'a', 'f', '{"x":1}'), named(undefined, 'b', 'g', '{"y":2}')]],
    ['an index as text', [named('0', 'a', 'f', '{"x":1}'), named('1', 'b', 'g', '{"y":2}')]],
    ['an index from 3', [named(3, 'a', 'f', '{"x":1}'), named(4, 'b', 'g', '{"y":2}')]],
    ['neither id nor index', [named(undefined, undefined, 'f', '{"x":1}'), named(undefined, null, 'g', '{"y":2}')]],
    ['no id and one index', [named(0, '', 'f', '{"x":1}'), named(0, '', 'g', '{"y":2}')]],
  ])('pitfall 7: parallel calls with %s stay two', (_case, entries) => {
    const expected = [
      ['f', '{"x":1}'],
      ['g', '{"y":2}'],
    ]
    expect(calls(answer([...entries.map((entry) => toolDelta(entry)), toolStop]))).toEqual(expected)
    expect(calls(answer([toolDelta(...entries), toolStop]))).toEqual(expected)
  })

  it('pitfall 7: two calls of one name at one index, told by their complete arguments', () => {
    const entries = [named(0, '', 'f', '{"x":1}'), named(0, '', 'f', '{"x":2}')]
    expect(calls(answer([...entries.map((entry) => toolDelta(entry)), toolStop]))).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}'],
    ])
  })

  it.each([
    ['without id', more(0, ':1}')],
    ['with its id again', more(0, ':1}', { id: 'a' })],
    ['with id and name again', named(0, 'a', 'f', ':1}')],
    ['with its id and another index', more(7, ':1}', { id: 'a' })],
    ['without index', more(undefined, ':1}')],
  ])('pitfall 8: a fragment %s goes on with its call', (_case, entry) => {
    expect(calls(answer([toolDelta(named(0, 'a', 'f', '{"x"')), toolDelta(entry), toolStop]))).toEqual([
      ['f', '{"x":1}'],
    ])
  })

  it('pitfall 8: a numeric id and a missing one become safe ones', () => {
    const whole = answer([toolDelta(named(0, 17, 'f', '{}')), toolDelta(named(1, undefined, 'g', '{}')), toolStop])
    const ids = whole.parts.map(({ part }) => (part.type === 'tool-call' ? part.id : ''))
    expect(ids[0]).toBe('17')
    expect(ids[1]).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
  })

  it('pitfall 28, 29: ids that clients refuse are mapped, the same way each time', () => {
    const idOf = (): string => {
      const part = answer([toolDelta(named(0, `call:1|${'x'.repeat(80)}`, 'f', '{}')), toolStop]).parts[0]?.part
      return part?.type === 'tool-call' ? part.id : ''
    }
    expect(idOf()).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
    expect(idOf()).toBe(idOf())
  })

  it.each([
    ['an empty text', ['']],
    ['nothing', []],
    ['null', [null]],
    ['the word null', ['null']],
    ['an empty object', ['{}']],
    ['an empty object in pieces', ['{', '}']],
  ])('pitfall 9: arguments of %s are an empty object', (_case, fragments) => {
    const whole = answer([
      toolDelta(named(0, 'a', 'f')),
      ...fragments.map((fragment) => toolDelta(more(0, fragment))),
      toolStop,
    ])
    expect(calls(whole)).toEqual([['f', '{}']])
  })

  it.each([
    ['an empty object first', ['{}', '{"x":', '1}'], '{"x":1}'],
    ['the whole again at the end', ['{"x":', '1}', '{"x":1}'], '{"x":1}'],
    ['an object in place of text', [{ x: 1 }], '{"x":1}'],
    ['JSON in a JSON text', ['"{\\"x\\":1}"'], '{"x":1}'],
    ['braces and quotes in texts', ['{"x":"}{', '\\"}"}'], '{"x":"}{\\"}"}'],
  ])('pitfall 9: %s', (_case, fragments, expected) => {
    const whole = answer([
      toolDelta(named(0, 'a', 'f')),
      ...fragments.map((fragment) => toolDelta(more(0, fragment))),
      toolStop,
    ])
    expect(calls(whole)).toEqual([['f', expected]])
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

  it('pitfall 80: objects joined in one string are calls of their own', () => {
    expect(calls(answer([toolDelta(named(0, 'a', 'f', '{"x":1}{"x":2}')), toolStop]))).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}'],
    ])
  })

  it('interleaved calls keep their own arguments', () => {
    const whole = answer([
      toolDelta(named(0, 'a', 'f', '{"x"')),
      toolDelta(named(1, 'b', 'g', '{"y"')),
      toolDelta(more(0, ':1}')),
      toolDelta(more(1, ':2}')),
      toolStop,
    ])
    expect(calls(whole)).toEqual([
      ['f', '{"x":1}'],
      ['g', '{"y":2}'],
    ])
  })

  it('a name that comes after the id opens the call then', () => {
    const late = toolDelta({ index: 0, function: { name: 'f', arguments: '{"x":1}' } })
    expect(calls(answer([toolDelta({ index: 0, id: 'a' }), late, toolStop]))).toEqual([['f', '{"x":1}']])
  })

  it('the deprecated function_call is a call', () => {
    const chunks = [
      delta({ function_call: { name: 'f', arguments: '{"x"' } }),
      delta({ function_call: { arguments: ':1}' } }),
    ]
    const whole = answer([...chunks, chatChunk({}, 'function_call')])
    expect(calls(whole)).toEqual([['f', '{"x":1}']])
    expect(whole.finish).toBe('tools')
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

  it("keeps the signature of Gemini's compatible endpoint with its call", () => {
    const entry = { ...named(0, 'a', 'f', '{}'), extra_content: { google: { thought_signature: 'sig' } } }
    expect(answer([toolDelta(entry), toolStop]).parts[0]?.opaque).toEqual([
      { scope: 'here', kind: 'thought_signature', data: 'sig' },
    ])
  })

  it.each([
    ['input', '{"input":"*** Begin\\n\\"x\\""}'],
    ['patch', '{"patch":"*** Begin\\n\\"x\\""}'],
    ['a JSON text', '"*** Begin\\n\\"x\\""'],
    ['the raw text', '*** Begin\n"x"'],
  ])('pitfall 40, 75: a freeform call wrapped as %s comes back raw and custom', (_case, given) => {
    const tools: ToolDefinition[] = [{ type: 'custom', name: 'apply_patch' }]
    const pieces = given.match(/[\s\S]{1,5}/g) ?? []
    const bytes = chatStream([
      toolDelta(named(0, 'a', 'apply_patch')),
      ...pieces.map((piece) => toolDelta(more(0, piece))),
      toolStop,
    ])
    const whole = gatherAnswer(readAll(new ChatReader(reading(tools)), bytes))
    expect(whole.parts[0]).toMatchObject({ part: { kind: 'custom', name: 'apply_patch' }, text: '*** Begin\n"x"' })
  })

  it('gives namespaces back', () => {
    const tools: ToolDefinition[] = [{ type: 'function', name: 'list', namespace: 'files' }]
    const bytes = chatStream([toolDelta(named(0, 'a', 'files__list', '{}')), toolStop])
    expect(gatherAnswer(readAll(new ChatReader(reading(tools)), bytes)).parts[0]?.part).toMatchObject({
      name: 'list',
      namespace: 'files',
    })
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
