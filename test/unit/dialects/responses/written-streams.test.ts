import fc from 'fast-check'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { responsesCodec } from '../../../../gateway/dialects/responses/codec.ts'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import type { AnswerPart, OpenedPart } from '../../../../gateway/model/answer-parts.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { readAll } from '../../providers/openai-responses/call-double.ts'
import {
  contextFor,
  finish,
  openWriter,
  part,
  streamOf,
  usage,
  type WrittenEvent,
  writeStream,
} from './dialect-double.ts'

const textPart: OpenedPart = { type: 'text' }
const callPart = (id: string, more: object = {}): OpenedPart => ({
  type: 'tool-call',
  id,
  name: 'read',
  kind: 'function',
  ...more,
})
const state = [{ scope: 'anthropic:x', kind: 'signature', data: 'sig' }]
const last = (events: readonly WrittenEvent[]) => events.at(-1)?.response as JsonObject

describe('a complete answer', () => {
  it('is what the last event of its stream holds', () => {
    const parts = [
      ...part(0, { type: 'reasoning' }, ['hm'], state),
      ...part(1, textPart, ['x']),
      ...part(2, callPart('c'), ['{}']),
      usage,
      finish('tools'),
    ]
    const body = JSON.parse(responsesCodec.writeAnswer(gatherAnswer(parts), contextFor()).toString()) as JsonObject
    expect(body).toEqual(last(streamOf(parts)))
  })

  it('has an error body of the OpenAI shape', () => {
    const error = new GatewayError('invalid_field', 'no', { param: 'input' })
    expect(responsesCodec.errorBody(error, 'call-1')).toEqual({
      error: { message: 'no', type: 'invalid_request_error', param: 'input', code: 'invalid_field' },
    })
  })
})

describe('the official SDK', () => {
  const client = (bytes: Buffer) =>
    new OpenAI({
      apiKey: 'none',
      maxRetries: 0,
      fetch: () =>
        Promise.resolve(new Response(new Uint8Array(bytes), { headers: { 'content-type': 'text/event-stream' } })),
    })

  it('reads text, calls and usage through its stream helper', async () => {
    const parts = [
      ...part(0, { type: 'reasoning' }, ['hm'], state),
      ...part(1, textPart, ['Hel', 'lo']),
      ...part(2, callPart('c1'), ['{"a":1}']),
      usage,
      finish('tools'),
    ]
    const final = await client(writeStream(parts)).responses.stream({ model: 'm', input: 'x' }).finalResponse()
    expect(final.output_text).toBe('Hello')
    expect(final.output.map((item) => item.type)).toEqual(['reasoning', 'message', 'function_call'])
    expect(final.usage?.total_tokens).toBe(140)
  })

  it('does not take a failure for an answer', async () => {
    const bytes = openWriter().fail(new GatewayError('upstream_error', 'broken'))
    const stream = await client(bytes).responses.create({ model: 'm', input: 'x', stream: true })
    const seen: string[] = []
    for await (const event of stream) seen.push(event.type)
    expect(seen.at(-1)).toBe('response.failed')
  })
})

describe('what is written', () => {
  const opened: fc.Arbitrary<OpenedPart> = fc.oneof(
    fc.constant<OpenedPart>({ type: 'text' }),
    fc.constant<OpenedPart>({ type: 'refusal' }),
    fc.constant<OpenedPart>({ type: 'reasoning' }),
    fc.record({
      type: fc.constant('tool-call' as const),
      id: fc.stringMatching(/^[a-z]{1,12}$/),
      name: fc.stringMatching(/^[a-z]{1,12}$/),
      kind: fc.constantFrom('function' as const, 'custom' as const),
    }),
  )
  const piece = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
  const answer = fc.uniqueArray(fc.tuple(opened, fc.array(piece, { minLength: 1, maxLength: 4 })), {
    minLength: 1,
    maxLength: 6,
    selector: ([one]) => (one.type === 'tool-call' ? one.id : Symbol('any')),
  })

  it('is read back to the same parts by the reader of the provider side', () => {
    fc.assert(
      fc.property(answer, fc.constantFrom('stop' as const, 'length' as const, 'filtered' as const), (list, reason) => {
        const parts: AnswerPart[] = [
          ...list.flatMap(([one, pieces], index) => part(index, one, pieces)),
          usage,
          finish(reason),
        ]
        const wanted = gatherAnswer(parts)
        const back = gatherAnswer(readAll(writeStream(parts)))
        expect(back.parts).toEqual(wanted.parts)
        // A response always says its service tier, which the parts need not.
        expect(back.usage).toMatchObject({ ...wanted.usage })
        expect(back.finish).toBe(reason === 'stop' && list.some(([one]) => one.type === 'tool-call') ? 'tools' : reason)
      }),
    )
  })

  it('numbers every event and adds every item before anything else of it, whatever comes in which order', () => {
    fc.assert(
      fc.property(answer, fc.array(fc.nat({ max: 1_000 }), { minLength: 30, maxLength: 30 }), (list, order) => {
        const waiting = list.map(([one, pieces], index) => part(index, one, pieces))
        const mixed: AnswerPart[] = []
        for (let turn = 0; waiting.some((queue) => queue.length > 0); turn += 1) {
          const open = waiting.filter((queue) => queue.length > 0)
          const next = open[(order[turn % order.length] ?? 0) % open.length]?.shift()
          if (next !== undefined) mixed.push(next)
        }
        const events = streamOf([...mixed, finish()])
        expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, at) => at))
        const known = new Set<unknown>()
        for (const event of events) {
          if (event.type === 'response.output_item.added') known.add((event.item as JsonObject).id)
          else if (event.item_id !== undefined) expect(known.has(event.item_id)).toBe(true)
        }
      }),
    )
  })
})
