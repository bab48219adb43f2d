import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WriteContext } from '../../../../gateway/dialects/codec.ts'
import { messagesCodec } from '../../../../gateway/dialects/messages/codec.ts'
import { countMessageTokens } from '../../../../gateway/dialects/messages/count-tokens.ts'
import { messagesErrorStatus } from '../../../../gateway/dialects/messages/error-body.ts'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import type { AnswerPart, OpenedPart } from '../../../../gateway/model/answer-parts.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import { flattenToolNames } from '../../../../gateway/model/flatten-tools.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { OpaqueState } from '../../../../gateway/model/parts.ts'
import { unsealState } from '../../../../gateway/model/sealed-state.ts'
import { AnthropicReader } from '../../../../gateway/providers/anthropic/anthropic-reader.ts'

const context: WriteContext = {
  callId: 'call-1',
  model: 'router',
  createdAt: 1,
  request: { dialect: 'messages', stream: true, turns: [], tools: [], extensions: {}, warnings: [] },
}
const state: OpaqueState = { scope: 'gemini:1', kind: 'thought_signature', data: 'x' }
const text: OpenedPart = { type: 'text' }
const reasoning: OpenedPart = { type: 'reasoning' }
const tool = (id: string): OpenedPart => ({ type: 'tool-call', id, name: 'read', kind: 'function' })
const start: AnswerPart = { type: 'start', id: undefined, model: undefined }
const open = (index: number, part: OpenedPart): AnswerPart => ({ type: 'part-start', index, part })
const say = (index: number, words: string): AnswerPart => ({ type: 'part-delta', index, text: words })
const close = (index: number, opaque?: OpaqueState[]): AnswerPart => ({
  type: 'part-end',
  index,
  ...(opaque === undefined ? {} : { opaque }),
})
const finish = (reason: Extract<AnswerPart, { type: 'finish' }>['reason'] = 'stop'): AnswerPart => ({
  type: 'finish',
  reason,
  raw: null,
})

function bytesOf(parts: readonly AnswerPart[]): string {
  const writer = messagesCodec.openWriter(context)
  return Buffer.concat([...parts.flatMap((part) => [...writer.write(part)]), writer.end()]).toString()
}

function eventsOf(parts: readonly AnswerPart[]): JsonObject[] {
  const frames = bytesOf(parts)
    .split('\n\n')
    .filter((frame) => frame !== '')
  return frames.map((frame) => {
    const [name, data] = frame.split('\n')
    const event = JSON.parse(data?.slice('data: '.length) ?? '') as JsonObject
    expect(name).toBe(`event: ${event.type as string}`)
    return event
  })
}

/** Checks the order of section 3.6 and gives the blocks with all that was said in them. */
function blocksOf(
  parts: readonly AnswerPart[],
): { type: unknown; said: string; signature: string; block: JsonObject }[] {
  const blocks: { type: unknown; said: string; signature: string; block: JsonObject }[] = []
  const events = eventsOf(parts)
  expect(events.filter((event) => event.type === 'message_start')).toHaveLength(1)
  expect(events[0]?.type).toBe('message_start')
  expect(events.slice(-2).map((event) => event.type)).toEqual(['message_delta', 'message_stop'])
  let isOpen = false
  for (const event of events.slice(1, -2)) {
    const block = event.content_block as JsonObject
    const delta = event.delta as JsonObject
    if (event.type === 'content_block_start') {
      expect([isOpen, event.index]).toEqual([false, blocks.length])
      blocks.push({ type: block.type, said: '', signature: '', block })
    } else expect([isOpen, event.index]).toEqual([true, blocks.length - 1])
    const last = blocks.at(-1)
    if (event.type === 'content_block_delta' && last !== undefined) {
      last.said += [delta.text, delta.thinking, delta.partial_json].find((value) => typeof value === 'string') ?? ''
      if (typeof delta.signature === 'string') last.signature = delta.signature
    }
    isOpen = event.type !== 'content_block_stop'
  }
  expect(isOpen).toBe(false)
  return blocks
}

describe('a stream', () => {
  it('pitfall 1: thinking and text are blocks of their own, with one start', () => {
    const blocks = blocksOf([
      start,
      open(0, reasoning),
      say(0, 'hm'),
      close(0, [state]),
      open(1, text),
      say(1, 'a'),
      say(1, 'b'),
      close(1),
      finish(),
    ])
    expect(blocks.map(({ type, said }) => [type, said])).toEqual([
      ['thinking', 'hm'],
      ['text', 'ab'],
    ])
    expect(unsealState(blocks[0]?.signature ?? '')).toEqual([state])
  })

  it('pitfall 2: no block for a text of nothing', () => {
    expect(
      blocksOf([start, open(0, text), close(0), open(1, tool('t')), say(1, '{}'), close(1), finish('tools')]).map(
        ({ type }) => type,
      ),
    ).toEqual(['tool_use'])
    expect(blocksOf([start, open(0, text), close(0), finish()])).toEqual([])
  })

  it('pitfalls 4, 7: parallel calls whose arguments are mixed stand one after another', () => {
    const parts = [
      start,
      open(0, tool('a')),
      open(1, tool('b')),
      say(0, '{"x"'),
      say(1, '{"y"'),
      say(0, ':1}'),
      say(1, ':2}'),
      close(1),
      close(0),
      finish('tools'),
    ]
    expect(blocksOf(parts).map(({ block, said }) => [block.id, said])).toEqual([
      ['a', '{"x":1}'],
      ['b', '{"y":2}'],
    ])
  })

  it('pitfall 9: a call without arguments has an empty input and no delta', () => {
    expect(blocksOf([start, open(0, tool('a')), close(0), finish('tools')])).toMatchObject([
      { said: '', block: { input: {} } },
    ])
  })

  it('a text that is still open gives way to a call at once, and goes on after it', () => {
    const writer = messagesCodec.openWriter(context)
    for (const part of [start, open(0, text), say(0, 'a')]) writer.write(part)
    expect(Buffer.concat([...writer.write(open(1, tool('t')))]).toString()).toContain('tool_use')
    const blocks = blocksOf([
      start,
      open(0, text),
      say(0, 'a'),
      open(1, tool('t')),
      say(0, 'b'),
      say(1, '{}'),
      close(1),
      close(0),
      finish(),
    ])
    expect(blocks.map(({ said }) => said)).toEqual(['a', '{}', 'b'])
  })

  it('state of a call travels in a block of its own and comes back to that call', () => {
    const blocks = blocksOf([start, open(0, tool('t')), say(0, '{}'), close(0, [state]), finish('tools')])
    expect(blocks.map(({ type }) => type)).toEqual(['tool_use', 'redacted_thinking'])
    const content = blocks.map(({ block }) => block)
    const { turns } = messagesCodec.readRequest({
      body: { messages: [{ role: 'assistant', content }] },
      headers: {},
      url: {},
    })
    expect(turns[0]?.parts).toMatchObject([{ type: 'tool-call', id: 't', opaque: [state] }])
  })

  it('state of a text comes back to that text, and state alone is a block alone', () => {
    const written = messagesCodec.writeAnswer(
      gatherAnswer([
        start,
        open(0, text),
        say(0, 'a'),
        close(0, [state]),
        open(1, reasoning),
        close(1, [state]),
        finish(),
      ]),
      context,
    )
    const { content } = JSON.parse(written.toString()) as { content: JsonObject[] }
    const { turns } = messagesCodec.readRequest({
      body: { messages: [{ role: 'assistant', content }] },
      headers: {},
      url: {},
    })
    expect(turns[0]?.parts).toEqual([
      { type: 'text', text: 'a', opaque: [state] },
      { type: 'reasoning', text: '', opaque: [state] },
    ])
  })

  it('pitfalls 22, 82, 86: usage leaves the cache out of input_tokens, in the last event as well', () => {
    const usage = { inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 30, outputTokens: 7, reasoningTokens: 2 }
    const events = eventsOf([start, open(0, text), say(0, 'a'), close(0), { type: 'usage', usage }, finish()])
    expect(events.at(-2)?.usage).toEqual({
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      output_tokens: 7,
      output_tokens_details: { thinking_tokens: 2 },
    })
  })

  it.each([
    ['stop', 'end_turn'],
    ['tools', 'tool_use'],
    ['length', 'max_tokens'],
    ['context_full', 'model_context_window_exceeded'],
    ['filtered', 'refusal'],
    ['paused', 'pause_turn'],
  ] as const)('row 59: %s is %s', (reason, word) => {
    expect(eventsOf([start, finish(reason)]).at(-2)?.delta).toEqual({ stop_reason: word, stop_sequence: null })
  })

  it('row 30: the stop sequence that was hit is named', () => {
    expect(eventsOf([start, { type: 'finish', reason: 'stop', raw: null, stopSequence: 'END' }]).at(-2)?.delta).toEqual(
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    )
  })

  it('ends in an error event and no stop, and keeps alive with pings', () => {
    const writer = messagesCodec.openWriter(context)
    const failed = writer.fail(new GatewayError('upstream_error', 'gone')).toString()
    expect(failed).toMatch(/^event: error\ndata: \{"type":"error"/)
    expect(failed).not.toContain('message_stop')
    expect(writer.keepAlive().toString()).toBe('event: ping\ndata: {"type":"ping"}\n\n')
  })
})

describe('a complete answer', () => {
  it.each([
    ['', {}],
    ['{"a":1}', { a: 1 }],
    ['{"cut', { _raw: '{"cut' }],
    ['[1]', { _raw: '[1]' }],
  ])('gives arguments %s as an object', (said, input) => {
    const parts = [start, open(0, tool('t')), ...(said === '' ? [] : [say(0, said)]), close(0), finish('tools')]
    const message = JSON.parse(messagesCodec.writeAnswer(gatherAnswer(parts), context).toString()) as JsonObject
    expect(message).toMatchObject({ type: 'message', role: 'assistant', model: 'router', stop_reason: 'tool_use' })
    expect(message.content).toEqual([{ type: 'tool_use', id: 't', name: 'read', input }])
  })

  it('refuses arguments of 20,000 levels as what they are: a bad answer', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const answer = gatherAnswer([start, open(0, tool('t')), say(0, deep), close(0), finish('tools')])
    expect(() => messagesCodec.writeAnswer(answer, context)).toThrow(
      expect.objectContaining({ code: 'upstream_invalid_answer' }),
    )
  })
})

describe('any answer', () => {
  const part = fc.record({
    kind: fc.constantFrom('text', 'reasoning', 'tool'),
    pieces: fc.array(fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }), { maxLength: 4 }),
    overlap: fc.boolean(),
  })

  it('gives the same parts back through our own reader', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (given) => {
        const parts: AnswerPart[] = [start]
        const late: AnswerPart[] = []
        for (const [index, { kind, pieces, overlap }] of given.entries()) {
          const isTool = kind === 'tool'
          parts.push(open(index, isTool ? tool(`t${index}`) : { type: kind }))
          const said = isTool ? [`{"v":`, `${JSON.stringify(pieces.join(''))}}`] : pieces
          const rest = [...said.map((piece) => say(index, piece)), close(index)]
          if (overlap && isTool) late.push(...rest)
          else parts.push(...rest)
        }
        parts.push(...late, finish('stop'))
        blocksOf(parts)
        const upstream = { provider: 'p', upstreamModel: 'm' }
        const reader = new AnthropicReader({
          upstream,
          scope: 's',
          names: flattenToolNames([]),
          customTools: new Set(),
        })
        const back = gatherAnswer([...reader.feed(Buffer.from(bytesOf(parts))), ...reader.finish()])
        const wanted = gatherAnswer(parts).parts.filter((entry) => entry.text !== '')
        expect(back.parts.map((entry) => [entry.part, entry.text])).toEqual(
          wanted.map((entry) => [entry.part, entry.text]),
        )
        const whole = JSON.parse(messagesCodec.writeAnswer(gatherAnswer(parts), context).toString()) as {
          content: JsonObject[]
        }
        expect(whole.content).toHaveLength(wanted.length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('errors', () => {
  it.each([
    ['invalid_field', {}, 400, 'invalid_request_error'],
    ['invalid_key', {}, 401, 'authentication_error'],
    ['provider_payment_required', {}, 402, 'billing_error'],
    ['router_disabled', {}, 403, 'permission_error'],
    ['not_found', {}, 404, 'not_found_error'],
    ['body_too_large', {}, 413, 'request_too_large'],
    ['rate_limited', {}, 429, 'rate_limit_error'],
    ['internal_error', {}, 500, 'api_error'],
    ['upstream_error', { status: 503, upstream: { status: 529 } }, 529, 'overloaded_error'],
  ] as const)('%s %j is %d %s', (code, options, status, type) => {
    const error = new GatewayError(code, 'words', options)
    expect(messagesErrorStatus(error)).toBe(status)
    expect(messagesCodec.errorBody(error, 'call-1')).toMatchObject({
      type: 'error',
      error: { type, message: 'words' },
      request_id: 'call-1',
    })
  })

  it.each([
    [
      "This model's maximum context length is 8,192 tokens. However, your messages resulted in 9000 tokens.",
      /^prompt is too long: 9000 tokens > 8192 maximum \(This model/,
    ],
    ['The context window is full.', /^prompt is too long: The context window/],
    ['prompt is too long: 9 tokens > 8 maximum', /^prompt is too long: 9 tokens > 8 maximum$/],
    ['input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000', /^input length and/],
  ])('a full context says what Claude Code acts on: %s', (message, wanted) => {
    const body = messagesCodec.errorBody(new GatewayError('context_length_exceeded', message), 'c')
    expect((body.error as JsonObject).message).toMatch(wanted)
  })
})

describe('the token estimate (row 58)', () => {
  it('grows with the text and counts an image by what it shows', () => {
    const count = (content: JsonObject[]): number =>
      countMessageTokens({ model: 'm', messages: [{ role: 'user', content }] })
    const short = count([{ type: 'text', text: 'hello' }])
    expect(count([{ type: 'text', text: 'hello '.repeat(1_000) }])).toBeGreaterThan(short + 1_000)
    const image = count([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(1_000_000) } },
    ])
    expect(image).toBeGreaterThan(1_000)
    expect(image).toBeLessThan(3_000)
  })

  it('survives any depth and an empty body', () => {
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as never
    expect(countMessageTokens({ messages: deep })).toBeGreaterThan(0)
    expect(countMessageTokens({})).toBe(1)
  })
})
