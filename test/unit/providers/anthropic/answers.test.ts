import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import type { StreamTap, TranslatedCall } from '../../../../gateway/providers/provider.ts'
import {
  messageBody,
  messageEvents,
  type MessageScript,
  messageStream,
} from '../../../doubles/wires/messages-upstream.ts'
import { scope, send, sendNative } from './call-double.ts'

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../fixtures/wires/messages/${name}`, import.meta.url))
const { call } = send({
  tools: [
    { type: 'function', name: 'Read' },
    { type: 'function', name: 'Clock' },
  ],
})

function read(bytes: Buffer, sizes: readonly number[] = [bytes.length], from: TranslatedCall = call): AnswerPart[] {
  const reader = from.openReader()
  const parts: AnswerPart[] = []
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    parts.push(...reader.feed(bytes.subarray(start, start + size)))
    start += size
  }
  return [...parts, ...reader.finish()]
}

const types = (parts: readonly AnswerPart[]): string[] => parts.map((part) => part.type)
const full = fixture('thinking-and-tools.sse')

describe('a stream read to parts', () => {
  it('gives thinking with its state, text, calls, usage and the finish', () => {
    const answer = gatherAnswer(read(full))
    expect(answer).toMatchObject({
      id: 'msg_01Fixture',
      model: 'claude-opus-4-8',
      finish: 'tools',
      rawFinish: 'tool_use',
    })
    expect(answer.parts.map(({ part, text }) => [part.type, text])).toEqual([
      ['reasoning', 'Two files are wanted; 日本語 🚦 both at once.'],
      ['reasoning', ''],
      ['text', 'I read both files. ✓'],
      ['tool-call', '{"path":"a.txt"}'],
      ['tool-call', '{}'],
    ])
    expect(answer.parts[0]?.opaque).toEqual([
      { scope, kind: 'signature', data: { thinking: answer.parts[0]?.text, signature: 'RXhhbXBsZVNpZ25hdHVyZQ==' } },
    ])
    expect(answer.parts[1]?.opaque).toEqual([{ scope, kind: 'redacted_thinking', data: 'UmVkYWN0ZWQ=' }])
    expect(answer.usage).toEqual({
      inputTokens: 2112,
      cachedTokens: 2000,
      cacheWriteTokens: 100,
      outputTokens: 90,
      reasoningTokens: 40,
      serviceTier: 'standard',
    })
  })

  it('is the same however the bytes are cut and the lines end (pitfalls 11, 13)', () => {
    const whole = read(full)
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (sizes, lineEnd) => {
          const bytes = Buffer.from(full.toString().replaceAll('\n', lineEnd))
          expect(read(bytes, sizes)).toEqual(whole)
        },
      ),
      { numRuns: 60 },
    )
    expect(read(full, [1])).toEqual(whole)
  })

  it('is the same without event names, with pings and without the last blank line', () => {
    const script: MessageScript = { blocks: [{ type: 'text', text: ['a', 'b'] }] }
    const plain = read(messageStream(messageEvents(script)))
    const bare = messageStream(messageEvents(script), { names: false, pings: true })
    expect(read(bare.subarray(0, bare.length - 2))).toEqual(plain)
  })

  it('passes over unknown events, blocks and deltas, and tells of a dropped block (pitfall 19)', () => {
    const events = messageEvents({ blocks: [{ type: 'text', text: 'a' }] })
    const strange = [
      { type: 'secret_event', x: 1 },
      { type: 'content_block_start', index: 9, content_block: { type: 'server_tool_use', id: 's' } },
      { type: 'content_block_delta', index: 9, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'content_block_stop', index: 9 },
    ]
    const parts = read(messageStream([...events.slice(0, 1), ...strange, ...events.slice(1)]))
    expect(parts.filter((part) => part.type !== 'warning')).toEqual(read(messageStream(events)))
    expect(types(parts)).toContain('warning')
  })

  it('pitfall 6: an error event ends the answer as a failure, overload as 529 says', () => {
    const parts = read(fixture('overloaded-in-stream.sse'))
    expect(types(parts)).toEqual(['start', 'usage', 'part-start', 'part-delta', 'error'])
    expect(parts.at(-1)).toMatchObject({
      error: { code: 'upstream_error', upstream: { status: 529, type: 'overloaded_error' } },
    })
  })

  it.each(['text', 'arguments'])('pitfall 69: a stream cut in %s ends with neither finish nor error', (where) => {
    const script: MessageScript = {
      blocks:
        where === 'text'
          ? [{ type: 'text', text: ['a', 'b'] }]
          : [{ type: 'tool_use', id: 't', name: 'Read', arguments: ['{"a', '":1}'] }],
    }
    const parts = read(messageStream(messageEvents(script), { cutAfter: 3 }))
    expect(types(parts)).not.toContain('finish')
    expect(types(parts)).not.toContain('error')
  })

  it('a stop reason without message_stop is a finish all the same', () => {
    const events = messageEvents({ blocks: [{ type: 'text', text: 'a' }] }).slice(0, -1)
    expect(types(read(messageStream(events))).at(-1)).toBe('finish')
  })

  it('pitfall 23: running totals replace what the start said', () => {
    const events = messageEvents({ blocks: [], usage: { input: 10, cacheRead: 90, output: 7 } })
    const more = [
      { type: 'message_delta', delta: {}, usage: { output_tokens: 3 } },
      { type: 'message_delta', delta: {}, usage: { output_tokens: 5, input_tokens: null } },
    ]
    const { usage } = gatherAnswer(read(messageStream([...events.slice(0, 1), ...more, ...events.slice(1)])))
    expect(usage).toMatchObject({ inputTokens: 100, cachedTokens: 90, outputTokens: 7 })
  })

  it('pitfall 9: arguments that came with the start count once, and only where no delta follows', () => {
    const start = {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 't', name: 'Read', input: { a: 1 } },
    }
    const stop = { type: 'content_block_stop', index: 0 }
    const delta = {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '{"b":2}' },
    }
    const end = { type: 'message_stop' }
    expect(gatherAnswer(read(messageStream([start, stop, end]))).parts[0]?.text).toBe('{"a":1}')
    expect(gatherAnswer(read(messageStream([start, delta, stop, end]))).parts[0]?.text).toBe('{"b":2}')
  })

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context_full'],
    ['refusal', 'filtered'],
    ['pause_turn', 'paused'],
    ['tool_use', 'stop'],
    ['something_new', 'stop'],
  ])('pitfall 25, row 59: stop reason %s means %s', (raw, reason) => {
    const parts = read(
      messageStream(messageEvents({ blocks: [{ type: 'text', text: 'a' }], stopReason: raw, stopSequence: 'END' })),
    )
    expect(parts.at(-1)).toEqual({ type: 'finish', reason, raw, stopSequence: 'END' })
    expect(types(parts).includes('warning')).toBe(raw === 'something_new')
  })

  it('a turn with calls that says end_turn ended for them', () => {
    const blocks = [{ type: 'tool_use', id: 't', name: 'Read', arguments: [] }] as const
    expect(gatherAnswer(read(messageStream(messageEvents({ blocks, stopReason: 'end_turn' })))).finish).toBe('tools')
  })

  it('pitfalls 28, 29: ids that clients do not take are mapped, the same each time', () => {
    const blocks = [{ type: 'tool_use', id: `functions.x:0|${'y'.repeat(80)}`, name: 'Read', arguments: [] }] as const
    const ids = [1, 2].map(() =>
      read(messageStream(messageEvents({ blocks }))).flatMap((part) =>
        part.type === 'part-start' && part.part.type === 'tool-call' ? [part.part.id] : [],
      ),
    )
    expect(ids[0]).toEqual(ids[1])
    expect(ids[0]?.[0]).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
  })

  it('pitfall 8: two calls of one id, or without any, are told apart', () => {
    for (const id of ['same', '']) {
      const block = { type: 'tool_use', id, name: 'Read', arguments: [] } as const
      const { parts } = gatherAnswer(read(messageStream(messageEvents({ blocks: [block, block] }))))
      expect(new Set(parts.map(({ part }) => (part.type === 'tool-call' ? part.id : ''))).size).toBe(2)
    }
  })

  it('pitfall 20: streams read side by side do not mix', () => {
    const readers = Array.from({ length: 50 }, () => call.openReader())
    const given: AnswerPart[][] = readers.map(() => [])
    for (let start = 0; start < full.length; start += 97) {
      for (const [at, reader] of readers.entries()) given[at]?.push(...reader.feed(full.subarray(start, start + 97)))
    }
    for (const parts of given) expect(parts).toEqual(read(full))
  })

  it('a complete answer gives the same parts as its stream', () => {
    const script: MessageScript = {
      blocks: [
        { type: 'thinking', text: 'hm', signature: 's' },
        { type: 'text', text: 'a' },
        { type: 'tool_use', id: 't', name: 'Read', arguments: ['{"p":1}'] },
      ],
    }
    expect(gatherAnswer(call.readAnswer(Buffer.from(JSON.stringify(messageBody(script)))))).toEqual(
      gatherAnswer(read(messageStream(messageEvents(script)))),
    )
  })
})

describe('a stream passed through', () => {
  const tap = (): StreamTap => sendNative({ model: 'x', max_tokens: 5, messages: [] }).call.openStream()
  const run = (bytes: Buffer, size: number): { out: string; tap: StreamTap } => {
    const open = tap()
    const out: Buffer[] = []
    for (let start = 0; start < bytes.length; start += size) out.push(...open.feed(bytes.subarray(start, start + size)))
    out.push(...open.finish())
    return { out: Buffer.concat(out).toString(), tap: open }
  }

  it.each([1, 7, 100_000])('gives on every byte but the last event, in pieces of %d', (size) => {
    const { out, tap: open } = run(full, size)
    expect(out + open.terminal.toString()).toBe(full.toString())
    expect(open.terminal.toString()).toContain('message_stop')
    expect(open).toMatchObject({ sawOutput: true, complete: true, terminated: true, failure: undefined })
    expect(open.usage).toMatchObject({ inputTokens: 2112, outputTokens: 90 })
  })

  it('takes neither start nor ping nor a text that says nothing yet for output', () => {
    const open = tap()
    open.feed(messageStream([...messageEvents({ blocks: [] }).slice(0, 1), { type: 'ping' }]))
    open.feed(messageStream([{ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }]))
    expect(open.sawOutput).toBe(false)
    open.feed(
      messageStream([{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '"tool_use"' } }]),
    )
    expect(open.sawOutput).toBe(true)
  })

  it('takes the start of a tool call for output', () => {
    const open = tap()
    const content_block = { type: 'tool_use', id: 'toolu_1', name: 'text', input: {} }
    open.feed(messageStream([{ type: 'content_block_start', index: 0, content_block }]))
    expect(open.sawOutput).toBe(true)
  })

  it('keeps an error event back and names it', () => {
    const { out, tap: open } = run(fixture('overloaded-in-stream.sse'), 50)
    expect(out).not.toContain('overloaded')
    expect(open.failure).toMatchObject({ code: 'upstream_error' })
    expect(open.complete).toBe(false)
  })

  it('a text that speaks of events is no event', () => {
    const bytes = messageStream(
      messageEvents({ blocks: [{ type: 'text', text: 'message_stop "type":"error" message_delta' }] }),
    )
    const { tap: open } = run(bytes, 30)
    expect(open).toMatchObject({ failure: undefined, complete: true })
  })

  it('turns a complete answer into a stream that reads the same', () => {
    const answer = sendNative({ model: 'x', messages: [] }).call.readAnswer(fixture('message.json'), {})
    const { events, terminal } = answer.asStream()
    expect(gatherAnswer(read(Buffer.concat([events, terminal])))).toEqual(
      gatherAnswer(call.readAnswer(fixture('message.json'))),
    )
    expect(answer.usage).toMatchObject({ inputTokens: 45, cachedTokens: 40 })
  })
})

describe('failures (section 7)', () => {
  const failure = (status: number, error: object, headers: Record<string, string> = {}): unknown =>
    call.readFailure(status, headers, Buffer.from(JSON.stringify({ type: 'error', error })))

  it.each([
    [
      400,
      { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
      'context_length_exceeded',
      400,
    ],
    [
      400,
      {
        type: 'invalid_request_error',
        message: 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
      },
      'context_length_exceeded',
      400,
    ],
    [400, { type: 'invalid_request_error', message: 'temperature: not supported' }, 'upstream_bad_request', 400],
    [
      400,
      { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API' },
      'provider_payment_required',
      402,
    ],
    [401, { type: 'authentication_error', message: 'invalid x-api-key' }, 'provider_key_refused', 401],
    [403, { type: 'permission_error', message: 'no' }, 'provider_permission_denied', 403],
    [404, { type: 'not_found_error', message: 'model: x' }, 'upstream_not_found', 404],
    [429, { type: 'rate_limit_error', message: 'slow' }, 'rate_limited', 429],
    [
      429,
      { type: 'rate_limit_error', message: 'limit', details: { error_code: 'enforced_spend_limit_reached' } },
      'provider_payment_required',
      402,
    ],
    [
      429,
      { type: 'rate_limit_error', message: 'ramp', details: { error_code: 'ramp_limit_exceeded' } },
      'rate_limited',
      429,
    ],
    [500, { type: 'api_error', message: 'oops' }, 'upstream_error', 500],
    [529, { type: 'overloaded_error', message: 'Overloaded' }, 'upstream_error', 503],
  ])('%d %j is %s', (status, error, code, seen) => {
    expect(failure(status, error)).toMatchObject({ code, status: seen })
  })

  it('keeps how long to wait, and the texts that clients act on', () => {
    expect(failure(429, { type: 'rate_limit_error', message: 'x' }, { 'retry-after': '7' })).toMatchObject({
      retryAfterMs: 7000,
    })
    expect(
      failure(400, { type: 'invalid_request_error', message: 'prompt is too long: 9 tokens > 8 maximum' }),
    ).toMatchObject({ message: 'prompt is too long: 9 tokens > 8 maximum' })
  })

  it.each(['<html>', '{"cut', '[]', '{}'])('a 200 with %s is no answer', (body) => {
    expect(() => call.readAnswer(Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'upstream_invalid_answer' }),
    )
  })
})
