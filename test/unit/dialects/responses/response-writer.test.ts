import { describe, expect, it } from 'vitest'
import type { OpenedPart } from '../../../../gateway/model/answer-parts.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { eventsOf, finish, openWriter, part, readBody, streamOf, usage, type WrittenEvent } from './dialect-double.ts'

const textPart: OpenedPart = { type: 'text' }
const callPart = (id: string, more: object = {}): OpenedPart => ({
  type: 'tool-call',
  id,
  name: 'read',
  kind: 'function',
  ...more,
})
const state = [{ scope: 'anthropic:x', kind: 'signature', data: 'sig' }]
const types = (events: readonly WrittenEvent[]) => events.map((event) => event.type.replace('response.', ''))
const items = (events: readonly WrittenEvent[]) =>
  events.filter((event) => event.type === 'response.output_item.done').map((event) => event.item as JsonObject)
const last = (events: readonly WrittenEvent[]) => events.at(-1)?.response as JsonObject

describe('a stream of Responses events', () => {
  it('has the order that Codex reads (§9 #17, #73)', () => {
    const events = streamOf([...part(0, textPart, ['Hel', 'lo']), usage, finish()])
    expect(types(events)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ])
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, at) => at))
    expect(events[4]).toEqual({
      type: 'response.output_text.delta',
      sequence_number: 4,
      item_id: expect.stringMatching(/^msg_/),
      output_index: 0,
      content_index: 0,
      delta: 'Hel',
      logprobs: [],
    })
    expect(last(events)).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response',
      created_at: 1_795_132_800,
      status: 'completed',
      model: 'router',
      output: items(events),
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 60, cache_write_tokens: 8 },
        output_tokens: 40,
        output_tokens_details: { reasoning_tokens: 10 },
        total_tokens: 140,
      },
    })
  })

  it('ends without [DONE], and the same however often the end is asked for', () => {
    const writer = openWriter()
    writer.write(finish())
    expect(writer.end()).toEqual(writer.end())
    expect(writer.end().toString()).not.toContain('[DONE]')
  })

  it('repeats what the request said (echo fields)', () => {
    const body = {
      instructions: 'short',
      tools: [{ type: 'namespace', name: 'n', description: '', tools: [] }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      temperature: 0.5,
      metadata: { a: 'b' },
      reasoning: { effort: 'low', summary: 'auto' },
      top_p: null,
    }
    const { top_p: _null, ...said } = body
    for (const event of streamOf([finish()], body).filter((one) => one.response)) {
      expect(event.response).toMatchObject({ ...said, top_p: 1 })
    }
  })

  it('writes reasoning with a summary and the sealed state, which comes back on the next turn (§9 #43)', () => {
    const events = streamOf([
      ...part(0, { type: 'reasoning' }, ['h', 'm'], state),
      ...part(1, textPart, ['x']),
      finish(),
    ])
    expect(types(events).slice(2, 8)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
    ])
    const [item] = items(events)
    expect(item).toMatchObject({ type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] })
    expect(readBody({ input: items(events) }).turns).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'hm', opaque: state },
          { type: 'text', text: 'x' },
        ],
      },
    ])
  })

  it('brings state of a tool call and of a text back to its part', () => {
    const events = streamOf([
      ...part(0, textPart, ['x'], state),
      ...part(1, callPart('c1'), ['{}'], state),
      finish('tools'),
    ])
    const [turn] = readBody({ input: items(events) }).turns
    expect(turn?.parts).toMatchObject([
      { type: 'text', opaque: state },
      { type: 'tool-call', id: 'c1', opaque: state },
    ])
  })

  it('writes calls with their namespace and call id apart from the item id', () => {
    const events = streamOf([...part(0, callPart('c1', { namespace: 'agents' }), ['{"a"', ':1}']), finish('tools')])
    expect(types(events).slice(2, -1)).toEqual([
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ])
    expect(items(events)).toEqual([
      {
        id: expect.stringMatching(/^fc_/),
        type: 'function_call',
        status: 'completed',
        call_id: 'c1',
        name: 'read',
        namespace: 'agents',
        arguments: '{"a":1}',
      },
    ])
  })

  it('writes a freeform call as one, never as a function (§9 #40, #42, #75)', () => {
    const patch = '*** Begin Patch\n+"quoted"\n*** End Patch'
    const [item] = items(
      streamOf([...part(0, callPart('c1', { kind: 'custom', name: 'apply_patch' }), [patch]), finish('tools')]),
    )
    expect(item).toMatchObject({ type: 'custom_tool_call', name: 'apply_patch', input: patch })
    expect(item).not.toHaveProperty('arguments')
  })

  it('writes calls of the client own tools in their item types', () => {
    const tools = [{ type: 'local_shell' }, { type: 'tool_search', execution: 'client' }]
    const parts = [
      ...part(0, callPart('c1', { name: 'local_shell' }), ['{"command":', '["ls"]}']),
      ...part(1, callPart('c2', { name: 'tool_search' }), ['{"query":"mail"}']),
    ]
    expect(items(streamOf([...parts, finish('tools')], { tools }))).toMatchObject([
      {
        type: 'local_shell_call',
        call_id: 'c1',
        status: 'completed',
        action: { type: 'exec', command: ['ls'], env: {} },
      },
      { type: 'tool_search_call', call_id: 'c2', execution: 'client', arguments: { query: 'mail' } },
    ])
    expect(items(streamOf([...parts, finish('tools')]))).toMatchObject([
      { type: 'function_call' },
      { type: 'function_call' },
    ])
  })

  it('gives {} for a call without arguments (§9 #9)', () => {
    expect(items(streamOf([...part(0, callPart('c1'), []), finish('tools')]))[0]).toMatchObject({ arguments: '{}' })
  })

  it('opens nothing that stays empty (§9 #2)', () => {
    const events = streamOf([
      ...part(0, textPart, []),
      ...part(1, { type: 'reasoning' }, []),
      ...part(2, callPart('c'), ['{}']),
      finish('tools'),
    ])
    expect(items(events).map((item) => item.type)).toEqual(['function_call'])
  })

  it('puts parts that arrive side by side one after the other (§9 #7)', () => {
    const events = streamOf([
      { type: 'part-start', index: 0, part: callPart('c0') },
      { type: 'part-start', index: 1, part: callPart('c1') },
      { type: 'part-delta', index: 1, text: '{"b":1}' },
      { type: 'part-delta', index: 0, text: '{"a":0}' },
      { type: 'part-end', index: 1 },
      { type: 'part-end', index: 0 },
      finish('tools'),
    ])
    expect(items(events)).toMatchObject([
      { call_id: 'c0', arguments: '{"a":0}' },
      { call_id: 'c1', arguments: '{"b":1}' },
    ])
    const places = events.flatMap((event) => (typeof event.output_index === 'number' ? [event.output_index] : []))
    expect(places).toEqual(places.toSorted((left, right) => left - right))
  })

  it.each([
    ['stop', 'response.completed', null],
    ['tools', 'response.completed', null],
    ['paused', 'response.completed', null],
    ['length', 'response.incomplete', { reason: 'max_output_tokens' }],
    ['context_full', 'response.incomplete', { reason: 'max_output_tokens' }],
    ['filtered', 'response.incomplete', { reason: 'content_filter' }],
  ] as const)('ends %s with %s (row 59, §9 #25)', (reason, type, incomplete_details) => {
    const event = streamOf([...part(0, textPart, ['x']), finish(reason)]).at(-1)
    expect(event).toMatchObject({ type, response: { status: type.replace('response.', ''), incomplete_details } })
  })

  it('never delivers a call that was cut off as whole (§9 #69, #86)', () => {
    const cut = [...part(0, callPart('c0'), ['{}']), ...part(1, callPart('c1'), ['{"a'])]
    expect(items(streamOf([...cut, finish('length')]))).toMatchObject([
      { status: 'completed' },
      { status: 'incomplete' },
    ])
  })

  it('ends with response.failed and nothing behind it (§9 #6, #85)', () => {
    const writer = openWriter()
    const begun = writer.write({ type: 'part-start', index: 0, part: textPart })
    const text = writer.write({ type: 'part-delta', index: 0, text: 'half' })
    const failed = writer.fail(new GatewayError('context_length_exceeded', 'too long'))
    const events = eventsOf(Buffer.concat([...begun, ...text, failed]))
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      sequence_number: events.length - 1,
      response: { status: 'failed', error: { code: 'context_length_exceeded', message: 'too long' } },
    })
    expect(types(events)).not.toContain('completed')
  })

  it.each([
    ['rate_limited', 'rate_limit_exceeded'],
    ['content_policy_violation', 'invalid_prompt'],
    ['provider_payment_required', 'insufficient_quota'],
    ['upstream_error', 'server_error'],
  ] as const)('fails %s with the word %s, which clients act on', (code, word) => {
    const events = eventsOf(openWriter().fail(new GatewayError(code, 'no', { retryAfterMs: 1500 })))
    expect(types(events)).toEqual(['created', 'in_progress', 'failed'])
    expect(last(events).error).toMatchObject({ code: word })
    if (code === 'rate_limited') expect(last(events).error).toMatchObject({ message: 'no Try again in 2s.' })
  })

  it('keeps alive with an event, since comments do not reset Codex (§9 #87)', () => {
    const writer = openWriter()
    const bytes = Buffer.concat([writer.keepAlive(), writer.keepAlive(), ...writer.write(finish()), writer.end()])
    const events = eventsOf(bytes)
    expect(types(events)).toEqual(['created', 'in_progress', 'in_progress', 'completed'])
    expect(events.map((event) => event.sequence_number)).toEqual([0, 1, 2, 3])
  })

  it('shares nothing between streams (§9 #20)', () => {
    const [one, two] = [openWriter(), openWriter()]
    one.write({ type: 'part-start', index: 0, part: textPart })
    two.write({ type: 'part-start', index: 0, part: textPart })
    one.write({ type: 'part-delta', index: 0, text: 'one' })
    two.write({ type: 'part-delta', index: 0, text: 'two' })
    expect(one.end().toString()).not.toContain('two')
  })
})
