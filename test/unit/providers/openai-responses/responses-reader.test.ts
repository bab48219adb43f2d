import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { flattenToolNames } from '../../../../gateway/model/flatten-tools.ts'
import { parseResponse } from '../../../../gateway/providers/openai-responses/response-object.ts'
import { readResponseObject } from '../../../../gateway/providers/openai-responses/responses-reader.ts'
import {
  type AnswerScript,
  responseBody,
  responseEvents,
  responsesStream,
} from '../../../doubles/wires/responses-upstream.ts'
import { openReader, readAll, scope } from './call-double.ts'

const name = { provider: 'openai', upstreamModel: 'gpt-5.5' }
const fixture = readFileSync(new URL('../../../fixtures/wires/responses/text-and-call.sse', import.meta.url))

const whole: AnswerScript = {
  reasoning: { summaries: [['Look', 'ing.'], ['Again.']], encrypted: 'state' },
  text: ['Hel', 'lo 🚦.'],
  calls: [
    { callId: 'call_1', name: 'read', fragments: ['{"a"', ':1}'] },
    { callId: 'call_2', name: 'patch', kind: 'custom', fragments: ['*** Begin', '\n+"x"'] },
  ],
  usage: { input: 100, output: 40, cached: 60, reasoning: 10 },
}

const read = (script: AnswerScript): AnswerPart[] => readAll(responsesStream(responseEvents(script)))

/** Joined deltas, so that answers compare whatever their pieces were. */
const gathered = (parts: readonly AnswerPart[]) => gatherAnswer(parts)

describe('ResponsesReader', () => {
  it('reads the documented stream', () => {
    expect(gathered(readAll(fixture))).toEqual({
      id: 'resp_fixture',
      model: 'gpt-5.5',
      parts: [
        {
          part: { type: 'reasoning' },
          text: 'Looking at the file.',
          opaque: [{ scope, kind: 'encrypted_content', data: { id: 'rs_1', encrypted_content: 'gAAAAA-fixture' } }],
        },
        { part: { type: 'text' }, text: 'Reading 🚦 漢字.', opaque: [] },
        {
          part: { type: 'tool-call', id: 'call_1', name: 'read', kind: 'function' },
          text: '{"path":"a.ts"}',
          opaque: [],
        },
      ],
      finish: 'tools',
      rawFinish: 'completed',
      stopSequence: undefined,
      usage: { inputTokens: 120, cachedTokens: 100, cacheWriteTokens: 8, outputTokens: 30, reasoningTokens: 12 },
    })
  })

  it('gives the same parts however the bytes are cut (§9 #11, #13)', () => {
    const expected = readAll(fixture)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(readAll(fixture, sizes)).toEqual(expected)
      }),
      { numRuns: 40 },
    )
    expect(readAll(fixture, [1])).toEqual(expected)
  })

  it.each([
    ['CRLF', { lineEnd: '\r\n' }],
    ['CR', { lineEnd: '\r' }],
    ['comments (§9 #14)', { comments: true }],
    ['no event lines', { eventLines: false }],
    ['no last blank line', { lastBlankLine: false }],
  ] as const)('reads %s', (_name, framing) => {
    const events = responseEvents(whole)
    expect(readAll(responsesStream(events, framing))).toEqual(readAll(responsesStream(events)))
  })

  it.each(['text-done', 'item-done', 'final'] as const)(
    'takes texts that stand only in %s events, and takes them once (§9 #3, #76)',
    (texts) => {
      expect(gathered(read({ ...whole, texts }))).toEqual(gathered(read(whole)))
    },
  )

  it('collects items when the final output is empty (§9 #18)', () => {
    expect(gathered(read({ ...whole, emptyOutput: true }))).toEqual(gathered(read(whole)))
  })

  it('reads a complete answer to the same parts', () => {
    const body = Buffer.from(JSON.stringify(responseBody(whole)))
    const parts = readResponseObject(parseResponse(name, body), { name, scope, names: flattenToolNames([]), stops: [] })
    expect(gathered(parts)).toEqual(gathered(read(whole)))
  })

  it('joins several summaries with a blank line', () => {
    expect(gathered(read(whole)).parts[0]?.text).toBe('Looking.\n\nAgain.')
  })

  it('keeps parallel calls apart whose deltas are mixed', () => {
    const call = (n: number) => ({
      id: `fc_${n}`,
      type: 'function_call',
      call_id: `call_${n}`,
      name: 'read',
      arguments: '',
    })
    const events = [
      { type: 'response.output_item.added', output_index: 0, item: call(0) },
      { type: 'response.output_item.added', output_index: 1, item: call(1) },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_0', output_index: 0, delta: '{"a":' },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 1, delta: '{"b":' },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_0', output_index: 0, delta: '0}' },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 1, delta: '1}' },
      { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } },
    ]
    const answer = gathered(readAll(responsesStream(events)))
    expect(answer.parts.map((part) => part.text)).toEqual(['{"a":0}', '{"b":1}'])
    expect(answer.finish).toBe('tools')
  })

  it('opens nothing for a message or a reasoning without text (§9 #2, #74)', () => {
    const answer = gathered(read({ reasoning: { summaries: [] }, text: [], calls: whole.calls ?? [] }))
    expect(answer.parts.map((part) => part.part.type)).toEqual(['tool-call', 'tool-call'])
  })

  it('gives state without text a part of its own', () => {
    const [part] = gathered(read({ reasoning: { summaries: [], encrypted: 'only' }, text: ['x'] })).parts
    expect(part).toMatchObject({ part: { type: 'reasoning' }, text: '', opaque: [{ scope }] })
  })

  it.each([
    ['completed', { text: ['x'] }, 'stop', 'completed'],
    ['calls', { calls: [{ callId: 'c', name: 'n', fragments: ['{}'] }] }, 'tools', 'completed'],
    ['the output limit', { text: ['x'], end: 'max_output_tokens' }, 'length', 'max_output_tokens'],
    ['a filter', { text: ['x'], end: 'content_filter' }, 'filtered', 'content_filter'],
    [
      'the limit inside a call (§9 #86)',
      { calls: [{ callId: 'c', name: 'n', fragments: ['{"a'] }], end: 'max_output_tokens' },
      'length',
      'max_output_tokens',
    ],
  ] as const)('reads the end by %s', (_name, script, reason, raw) => {
    expect(read(script).at(-1)).toEqual({ type: 'finish', reason, raw })
  })

  it('reads a refusal as one', () => {
    expect(gathered(read({ refusal: ['I ', 'will not.'] })).parts).toEqual([
      { part: { type: 'refusal' }, text: 'I will not.', opaque: [] },
    ])
  })

  it.each([
    ['context_length_exceeded', 'context_length_exceeded', 400],
    ['rate_limit_exceeded', 'rate_limited', 429],
    ['invalid_prompt', 'content_policy_violation', 400],
    ['bio_policy', 'content_policy_violation', 400],
    ['insufficient_quota', 'provider_payment_required', 402],
    ['server_error', 'upstream_error', 502],
  ])('turns response.failed with %s into %s (§9 #15, #85)', (code, ours, status) => {
    const last = read({ text: ['partial'], end: { code, message: 'No. Please try again in 1.5s.' } }).at(-1)
    expect(last).toMatchObject({ type: 'error', error: { code: ours, status, upstream: { code } } })
    if (code === 'rate_limit_exceeded') expect(last).toMatchObject({ error: { retryAfterMs: 1500 } })
  })

  it.each([
    ['an error event', { type: 'error', code: 'server_error', message: 'broken', param: null, sequence_number: 3 }],
    ['an error event with an object', { type: 'error', error: { code: 'server_error', message: 'broken' } }],
    ['an error without a type', { error: { message: 'broken' } }],
    [
      'a completed event that says failed',
      { type: 'response.completed', response: { status: 'failed', error: { message: 'broken' } } },
    ],
  ])('ends with the error of %s', (_name, event) => {
    const parts = readAll(responsesStream([...responseEvents({ text: ['x'], end: 'none' }), event]))
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'upstream_error' } })
    expect(parts.filter((part) => part.type === 'finish')).toEqual([])
  })

  it('gives neither finish nor error to a cut stream (§9 #69)', () => {
    const types = read({ text: ['half'], end: 'none' }).map((part) => part.type)
    expect(types).not.toContain('finish')
    expect(types).not.toContain('error')
  })

  it('takes an answer without any output for a failure (§9 #21)', () => {
    expect(read({}).at(-1)).toMatchObject({ type: 'error', error: { code: 'upstream_invalid_answer' } })
  })

  it('leaves private and unknown events out (§9 #19)', () => {
    const [first, ...rest] = responseEvents({ text: ['x'] })
    const more = [
      { type: 'codex.rate_limits', limits: {} },
      { type: 'response.new_thing', delta: 'no' },
      { type: 'keepalive' },
    ]
    const parts = readAll(responsesStream([first ?? {}, ...more, ...rest]))
    expect(parts).toEqual(read({ text: ['x'] }))
  })

  it('tells of hosted items that it leaves out', () => {
    const item = { id: 'ws_1', type: 'web_search_call', status: 'completed' }
    const events = responseEvents({ text: ['x'] })
    events.splice(2, 0, { type: 'response.output_item.done', output_index: 9, item })
    expect(readAll(responsesStream(events))).toContainEqual({
      type: 'warning',
      text: 'left out web_search_call of the answer',
    })
  })

  it('keeps citations of pages, and tells of others (row 13)', () => {
    const events = JSON.parse(
      JSON.stringify(responseEvents({ text: ['x'] })).replaceAll(
        '"annotations":[]',
        '"annotations":[{"type":"url_citation","url":"https://e.org","title":"E","start_index":0,"end_index":1},{"type":"file_citation"}]',
      ),
    ) as object[]
    const parts = readAll(responsesStream(events))
    expect(parts).toContainEqual({ type: 'warning', text: 'left out citations of files in the answer' })
    expect(gathered(parts).parts).toMatchObject([
      { text: 'x', notes: { citations: [{ url: 'https://e.org', title: 'E', start: 0, end: 1 }] } },
    ])
  })

  it('maps ids that clients would refuse, the same in every answer', () => {
    const long = `call_${'x'.repeat(80)}`
    const script: AnswerScript = { calls: [{ callId: long, name: 'n', fragments: ['{}'] }] }
    const ids = [read(script), read(script)].map((parts) => gathered(parts).parts[0]?.part)
    expect(ids[0]).toEqual(ids[1])
    expect(ids[0]).toMatchObject({ id: expect.stringMatching(/^[A-Za-z0-9_-]{1,40}$/) })
  })

  it('gives nothing after the end, whatever comes', () => {
    const reader = openReader()
    const bytes = responsesStream(responseEvents({ text: ['x'] }))
    readAll(bytes, [bytes.length], reader)
    expect(reader.feed(bytes)).toEqual([])
  })

  it('survives any events', () => {
    const word = fc.constantFrom(...new Set(responseEvents(whole).map((event) => event.type)), 'error', '')
    const event = fc.record(
      {
        type: word,
        item: fc.jsonValue(),
        delta: fc.jsonValue(),
        output_index: fc.jsonValue(),
        response: fc.jsonValue(),
        error: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const parts = readAll(responsesStream(events))
        const ends = parts.filter((part) => part.type === 'finish' || part.type === 'error')
        expect(ends.length).toBeLessThanOrEqual(1)
        const opened = new Set(parts.flatMap((part) => (part.type === 'part-start' ? [part.index] : [])))
        for (const part of parts) if (part.type === 'part-delta') expect(opened.has(part.index)).toBe(true)
      }),
    )
  })
})

describe('stop sequences on a wire that has none (row 29)', () => {
  const cut = (pieces: readonly string[], stops: readonly string[]) => {
    const bytes = responsesStream(responseEvents({ text: pieces }))
    return gathered(readAll(bytes, [bytes.length], openReader(stops)))
  }

  it('cuts at a stop that is spread over pieces', () => {
    const answer = cut(['one EN', 'D two'], ['END'])
    expect(answer).toMatchObject({ finish: 'stop', stopSequence: 'END', parts: [{ text: 'one ' }] })
  })

  it('gives a beginning that turns out to be none', () => {
    expect(cut(['one EN', 'OUGH', ' EN'], ['END'])).toMatchObject({
      stopSequence: undefined,
      parts: [{ text: 'one ENOUGH EN' }],
    })
  })

  it('finds the stop that is complete first, however the text was cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 })
    const given = fc.tuple(
      fc.array(letters, { minLength: 1, maxLength: 8 }),
      fc.array(letters, { minLength: 1, maxLength: 3 }),
    )
    fc.assert(
      fc.property(given, ([pieces, stops]) => {
        const joined = pieces.join('')
        let expected = joined
        for (let end = 1; end <= joined.length && expected === joined; end += 1) {
          const hits = stops.filter((stop) => joined.slice(0, end).endsWith(stop))
          if (hits.length > 0) expected = joined.slice(0, end - Math.max(...hits.map((stop) => stop.length)))
        }
        expect(
          cut(pieces, stops)
            .parts.map((part) => part.text)
            .join(''),
        ).toBe(expected)
      }),
    )
  })
})
