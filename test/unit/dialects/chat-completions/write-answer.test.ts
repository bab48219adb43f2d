import { describe, expect, it } from 'vitest'
import { chatCodec } from '../../../../gateway/dialects/chat-completions/codec.ts'
import { completionsCodec } from '../../../../gateway/dialects/chat-completions/completions-codec.ts'
import type { DialectCodec } from '../../../../gateway/dialects/codec.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { OpaqueState } from '../../../../gateway/model/parts.ts'
import { writeContext } from './write-context-double.ts'

const usage = { inputTokens: 10, cachedTokens: 4, cacheWriteTokens: 1, outputTokens: 5, reasoningTokens: 2 }
const signature: OpaqueState = { scope: 'anthropic:x', kind: 'signature', data: 'sig' }
const start: AnswerPart = { type: 'start', id: 'msg_1', model: 'upstream-model' }
const finish = (reason: 'stop' | 'tools' = 'stop'): AnswerPart => ({ type: 'finish', reason, raw: 'end_turn' })
const text = (index: number, ...pieces: readonly string[]): AnswerPart[] => [
  { type: 'part-start', index, part: { type: 'text' } },
  ...pieces.map((piece) => ({ type: 'part-delta' as const, index, text: piece })),
  { type: 'part-end', index },
]
const reasoning = (index: number, piece: string, opaque: readonly OpaqueState[] = []): AnswerPart[] => [
  { type: 'part-start', index, part: { type: 'reasoning' } },
  { type: 'part-delta', index, text: piece },
  { type: 'part-end', index, opaque },
]
const call = (
  index: number,
  id: string,
  pieces: readonly string[],
  opaque: readonly OpaqueState[] = [],
): AnswerPart[] => [
  { type: 'part-start', index, part: { type: 'tool-call', id, name: 'f', kind: 'function' } },
  ...pieces.map((piece) => ({ type: 'part-delta' as const, index, text: piece })),
  { type: 'part-end', index, opaque },
]

function stream(
  list: readonly AnswerPart[],
  request: Partial<ModelRequest> = {},
  codec: DialectCodec = chatCodec,
): JsonObject[] {
  const writer = codec.openWriter(writeContext(request))
  const bytes = Buffer.concat([...list.flatMap((part) => writer.write(part)), writer.end()]).toString()
  const events = bytes.split('\n\n').filter((event) => event !== '')
  expect(events.at(-1)).toBe('data: [DONE]')
  return events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)) as JsonObject)
}

const deltas = (chunks: readonly JsonObject[]): unknown[] =>
  chunks.flatMap((chunk) => (chunk.choices as JsonObject[]).map((choice) => choice.delta))

const whole = (list: readonly AnswerPart[], request: Partial<ModelRequest> = {}): JsonObject =>
  JSON.parse(chatCodec.writeAnswer(gatherAnswer(list), writeContext(request)).toString()) as JsonObject

describe('writing a chat completion stream', () => {
  it('names id, time and the asked model on each chunk, the role first and the reason last', () => {
    const chunks = stream([start, ...text(0, 'Hi', ' you'), finish()])
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({
        id: 'chatcmpl-call-1',
        object: 'chat.completion.chunk',
        created: 1_795_132_800,
        model: 'router-auto',
      })
      expect(chunk).not.toHaveProperty('usage')
    }
    expect(deltas(chunks)).toEqual([{ role: 'assistant', content: '' }, { content: 'Hi' }, { content: ' you' }, {}])
    expect(chunks.at(-1)?.choices).toMatchObject([{ index: 0, finish_reason: 'stop' }])
  })

  it('pitfall 22: gives usage in its own last chunk when asked, with totals that include their parts', () => {
    const chunks = stream([start, ...text(0, 'Hi'), { type: 'usage', usage }, finish()], { wantsUsageChunk: true })
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true)
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    })
  })

  it('pitfall 68: the choice is 0 and calls count from 0, whatever the index of their part', () => {
    const chunks = stream([
      start,
      ...reasoning(0, 'hm'),
      ...text(1, 'ok'),
      ...call(2, 'a', ['{"x":', '1}']),
      ...call(3, 'b', ['{}']),
      finish('tools'),
    ])
    expect(chunks.flatMap((chunk) => (chunk.choices as JsonObject[]).map((choice) => choice.index))).toEqual(
      chunks.map(() => 0),
    )
    expect(deltas(chunks).slice(1)).toEqual([
      { reasoning_content: 'hm' },
      { content: 'ok' },
      { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      {},
    ])
    expect(chunks.at(-1)?.choices).toMatchObject([{ finish_reason: 'tool_calls' }])
  })

  it('keeps interleaved calls apart', () => {
    const [firstStart, , firstEnd] = call(0, 'a', ['{'])
    const [secondStart, , secondEnd] = call(1, 'b', ['{'])
    const piece = (index: number, given: string): AnswerPart => ({ type: 'part-delta', index, text: given })
    const list = [firstStart, secondStart, piece(0, '{"x"'), piece(1, '{"y"'), piece(0, ':1}'), piece(1, ':2}')]
    const chunks = stream([
      start,
      ...(list as AnswerPart[]),
      firstEnd as AnswerPart,
      secondEnd as AnswerPart,
      finish('tools'),
    ])
    const given = ['', '']
    for (const delta of deltas(chunks) as JsonObject[]) {
      for (const entry of (delta.tool_calls ?? []) as { index: number; function: { arguments: string } }[]) {
        given[entry.index] += entry.function.arguments
      }
    }
    expect(given).toEqual(['{"x":1}', '{"y":2}'])
  })

  it('pitfall 45: a signed call that comes whole has its state in its first chunk', () => {
    const own: OpaqueState = { scope: 'gemini:x', kind: 'thought_signature', data: 's' }
    const chunks = stream([start, ...call(0, 'a', ['{"x":1}'], [own]), finish('tools')])
    expect(deltas(chunks)[1]).toMatchObject({
      tool_calls: [{ id: 'a', extra_content: { google: { thought_signature: expect.stringMatching(/^sbx1\./) } } }],
    })
  })

  it('pitfall 43: signed reasoning comes back with its call and in reasoning_details', () => {
    const chunks = stream([start, ...reasoning(0, 'why', [signature]), ...call(1, 'a', ['{}']), finish('tools')])
    const list = deltas(chunks) as JsonObject[]
    const [called] = (list.find((delta) => delta.tool_calls !== undefined)?.tool_calls ?? []) as JsonObject[]
    const details = list.find((delta) => delta.reasoning_details !== undefined)?.reasoning_details
    for (const carried of [
      { tool_calls: [called as JsonObject] },
      { reasoning_details: details as never, content: 'x' },
    ]) {
      const { turns } = chatCodec.readRequest({
        body: { model: 'm', messages: [{ role: 'assistant', content: null, ...carried }] },
        headers: {},
        url: {},
      })
      expect(turns[0]?.parts[0]).toEqual({ type: 'reasoning', text: 'why', opaque: [signature] })
    }
  })

  it('the deprecated form has function_call and its own finish reason', () => {
    const chunks = stream([start, ...call(0, 'a', ['{"x":', '1}']), finish('tools')], { legacyFunctions: true })
    expect(deltas(chunks)).toEqual([
      { role: 'assistant', content: '' },
      { function_call: { name: 'f', arguments: '{"x":' } },
      { function_call: { arguments: '1}' } },
      {},
    ])
    expect(chunks.at(-1)?.choices).toMatchObject([{ finish_reason: 'function_call' }])
  })

  it('fails with an error event and no end marker, at any point', () => {
    const writer = chatCodec.openWriter(writeContext())
    writer.write(start)
    const bytes = writer.fail(new GatewayError('upstream_stream_cut', 'cut')).toString()
    expect(bytes).toContain('"code":"upstream_stream_cut"')
    expect(bytes).not.toContain('[DONE]')
    expect(bytes).not.toContain('finish_reason')
    expect(writer.keepAlive().toString()).toMatch(/^: .*\n\n$/)
  })

  it('a warning writes nothing', () => {
    expect(chatCodec.openWriter(writeContext()).write({ type: 'warning', text: 'lost' })).toEqual([])
  })
})

describe('writing a whole chat completion', () => {
  it('has message, finish reason and usage', () => {
    expect(whole([start, ...reasoning(0, 'why'), ...text(1, 'so'), { type: 'usage', usage }, finish()])).toEqual({
      id: 'chatcmpl-call-1',
      object: 'chat.completion',
      created: 1_795_132_800,
      model: 'router-auto',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'so', refusal: null, reasoning_content: 'why' },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: expect.objectContaining({ total_tokens: 15 }),
    })
  })

  it('pitfall 2: calls alone have null as content', () => {
    expect(whole([start, ...call(0, 'a', ['{}']), finish('tools')]).choices).toMatchObject([
      { message: { content: null, tool_calls: [{ id: 'a', type: 'function' }] }, finish_reason: 'tool_calls' },
    ])
  })

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['context_full', 'length'],
    ['filtered', 'content_filter'],
    ['paused', 'stop'],
  ] as const)('row 59: %s is %s', (reason, word) => {
    expect(whole([start, ...text(0, 'a'), { type: 'finish', reason, raw: 'x' }]).choices).toMatchObject([
      { finish_reason: word },
    ])
  })

  it('a refusal and a freeform call have their own fields', () => {
    const custom: AnswerPart[] = [
      { type: 'part-start', index: 1, part: { type: 'tool-call', id: 'a', name: 'g', kind: 'custom' } },
      { type: 'part-delta', index: 1, text: 'raw' },
      { type: 'part-end', index: 1 },
    ]
    const refusal: AnswerPart[] = [
      { type: 'part-start', index: 0, part: { type: 'refusal' } },
      { type: 'part-delta', index: 0, text: 'no' },
      { type: 'part-end', index: 0 },
    ]
    expect(whole([start, ...refusal, ...custom, finish('tools')]).choices).toMatchObject([
      {
        message: {
          content: null,
          refusal: 'no',
          tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'g', input: 'raw' } }],
        },
      },
    ])
  })
})

describe('legacy completions', () => {
  const read = (body: JsonObject): ModelRequest =>
    completionsCodec.readRequest({ body: { model: 'm', ...body }, headers: {}, url: {} })

  it('one prompt is one user turn', () => {
    const request = read({ prompt: 'Say hi', max_tokens: 5, stop: ['x'], echo: false, n: 1, logprobs: null })
    expect(request).toMatchObject({
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'Say hi' }] }],
      maxOutputTokens: 5,
      stop: ['x'],
      extensions: {},
    })
    expect(read({ prompt: ['Say hi'] }).turns).toEqual(request.turns)
  })

  it.each([
    ['prompt', { prompt: ['a', 'b'] }],
    ['prompt', { prompt: [[1, 2]] }],
    ['prompt', { prompt: [1, 2] }],
    ['n', { prompt: 'a', n: 2 }],
    ['best_of', { prompt: 'a', best_of: 2 }],
    ['suffix', { prompt: 'a', suffix: 'b' }],
    ['echo', { prompt: 'a', echo: true }],
    ['logprobs', { prompt: 'a', logprobs: 3 }],
  ])('%s is refused in %j', (param, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'unsupported_field', status: 400, param }))
  })

  it('answers with text, whole and streamed', () => {
    const list = [start, ...reasoning(0, 'why'), ...text(1, 'Hi', '!'), { type: 'usage' as const, usage }, finish()]
    const body = JSON.parse(completionsCodec.writeAnswer(gatherAnswer(list), writeContext()).toString()) as JsonObject
    expect(body).toMatchObject({
      id: 'cmpl-call-1',
      object: 'text_completion',
      choices: [{ text: 'Hi!', index: 0, finish_reason: 'stop' }],
      usage: { total_tokens: 15 },
    })
    const chunks = stream(list, { wantsUsageChunk: true }, completionsCodec)
    expect(chunks.flatMap((chunk) => (chunk.choices as JsonObject[]).map((choice) => choice.text))).toEqual([
      'Hi',
      '!',
      '',
    ])
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 15 } })
  })
})
