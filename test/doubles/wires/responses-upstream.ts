import type { RawScript } from '../upstream/script.ts'

export { createGate, startUpstream as startResponsesUpstream, type Upstream } from '../upstream-server.ts'

/*
 * OpenAI's Responses wire (POST /v1/responses): shapes as in test/fixtures/wires/responses, in the variants that servers
 * are known to send. Answer a request of the upstream double with `responsesScript`.
 */

export interface CallScript {
  readonly callId: string
  readonly name: string
  readonly kind?: 'function' | 'custom'
  readonly namespace?: string
  readonly fragments: readonly string[]
}

export interface AnswerScript {
  /** Several summaries of one reasoning item. */
  readonly reasoning?: { readonly summaries: readonly (readonly string[])[]; readonly encrypted?: string }
  readonly text?: readonly string[]
  readonly refusal?: readonly string[]
  readonly calls?: readonly CallScript[]
  readonly usage?: {
    readonly input: number
    readonly output: number
    readonly cached?: number
    readonly reasoning?: number
  }
  /** Where the texts stand: everywhere, only in `.done` events, only in done items, only in the final response. */
  readonly texts?: 'deltas' | 'text-done' | 'item-done' | 'final'
  /** `response.completed` with an empty `output`, although items were streamed. */
  readonly emptyOutput?: boolean
  readonly end?:
    | 'completed'
    | 'max_output_tokens'
    | 'content_filter'
    | { readonly code: string; readonly message: string }
    | 'none'
}

type Event = Record<string, unknown> & { readonly type: string }

export interface StreamFraming {
  readonly lineEnd?: '\n' | '\r\n' | '\r'
  readonly comments?: boolean
  readonly eventLines?: boolean
  readonly lastBlankLine?: boolean
}

/** The events of an answer in order, numbered. */
export function responseEvents(script: AnswerScript): Event[] {
  const items = itemsOf(script)
  const response = { id: 'resp_double', object: 'response', created_at: 1_795_132_800, model: 'gpt-5.5', error: null }
  const open = { ...response, status: 'in_progress', output: [], usage: null }
  const begin: Event[] = [
    { type: 'response.created', response: open },
    { type: 'response.in_progress', response: open },
  ]
  const texts = script.texts ?? 'deltas'
  const middle = texts === 'final' ? [] : items.flatMap((item, index) => item.events(index, texts))
  const all = [
    ...begin,
    ...middle,
    ...endOf(
      script,
      response,
      items.map((item) => item.whole),
    ),
  ]
  return all.map((event, sequence_number) => ({ ...event, sequence_number }))
}

/** The same as one JSON answer. */
export function responseBody(script: AnswerScript): Record<string, unknown> {
  const last = responseEvents({ ...script, texts: 'final' }).at(-1)
  return last?.response as Record<string, unknown>
}

export function responsesStream(events: readonly object[], framing: StreamFraming = {}): Buffer {
  const { lineEnd = '\n', comments = false, eventLines = true, lastBlankLine = true } = framing
  const text = events
    .map((event) => {
      const name = eventLines && 'type' in event ? `event: ${String(event.type)}${lineEnd}` : ''
      const comment = comments ? `: keep-alive${lineEnd}${lineEnd}` : ''
      return `${comment}${name}data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`
    })
    .join('')
  return Buffer.from(lastBlankLine ? text : text.slice(0, -2 * lineEnd.length))
}

/** A script for the server of the double: a stream in pieces of `size` bytes, cut after `cutAfter` events. */
export function responsesScript(
  script: AnswerScript,
  options: StreamFraming & { readonly size?: number; readonly cutAfter?: number } = {},
): RawScript {
  const events = responseEvents(script)
  const bytes = responsesStream(events.slice(0, options.cutAfter ?? events.length), options)
  const size = options.size ?? bytes.length
  const body = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  )
  return {
    kind: 'raw',
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    body,
    ...(options.cutAfter === undefined ? {} : { cut: true }),
  }
}

/** The refusal of a request. */
export function responsesError(status: number, code: string, message: string): RawScript {
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } })
  return { kind: 'raw', status, headers: { 'content-type': 'application/json' }, body: [body] }
}

interface ItemScript {
  readonly whole: Record<string, unknown>
  events(index: number, texts: 'deltas' | 'text-done' | 'item-done'): Event[]
}

function itemsOf(script: AnswerScript): ItemScript[] {
  return [
    ...(script.reasoning === undefined ? [] : [reasoningItem(script.reasoning)]),
    ...(script.text === undefined ? [] : [messageItem('output_text', 'text', script.text)]),
    ...(script.refusal === undefined ? [] : [messageItem('refusal', 'refusal', script.refusal)]),
    ...(script.calls ?? []).map(callItem),
  ]
}

function reasoningItem({ summaries, encrypted }: NonNullable<AnswerScript['reasoning']>): ItemScript {
  const id = 'rs_double'
  const summary = summaries.map((pieces) => ({ type: 'summary_text', text: pieces.join('') }))
  const whole = { id, type: 'reasoning', summary, ...(encrypted === undefined ? {} : { encrypted_content: encrypted }) }
  return {
    whole,
    events: (output_index, texts) => [
      { type: 'response.output_item.added', output_index, item: { id, type: 'reasoning', summary: [] } },
      ...summaries.flatMap((pieces, summary_index) => {
        const at = { item_id: id, output_index, summary_index }
        const text = pieces.join('')
        return [
          { type: 'response.reasoning_summary_part.added', ...at, part: { type: 'summary_text', text: '' } },
          ...deltas(texts, pieces, (delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
          ...dones(texts, { type: 'response.reasoning_summary_text.done', ...at, text }),
        ]
      }),
      { type: 'response.output_item.done', output_index, item: whole },
    ],
  }
}

function messageItem(type: string, field: string, pieces: readonly string[]): ItemScript {
  const id = `msg_${type}`
  const item = (status: string, content: unknown[]) => ({ id, type: 'message', status, role: 'assistant', content })
  const whole = item('completed', [{ type, annotations: [], [field]: pieces.join('') }])
  return {
    whole,
    events: (output_index, texts) => {
      const at = { item_id: id, output_index, content_index: 0 }
      return [
        { type: 'response.output_item.added', output_index, item: item('in_progress', []) },
        { type: 'response.content_part.added', ...at, part: { type, [field]: '' } },
        ...deltas(texts, pieces, (delta) => ({ type: `response.${type}.delta`, ...at, delta, logprobs: [] })),
        ...dones(texts, { type: `response.${type}.done`, ...at, [field]: pieces.join('') }),
        { type: 'response.output_item.done', output_index, item: whole },
      ]
    },
  }
}

function callItem(call: CallScript): ItemScript {
  const isCustom = call.kind === 'custom'
  const id = `${isCustom ? 'ctc' : 'fc'}_${call.callId}`
  const field = isCustom ? 'input' : 'arguments'
  const event = isCustom ? 'custom_tool_call_input' : 'function_call_arguments'
  const item = (status: string, text: string) => ({
    id,
    type: isCustom ? 'custom_tool_call' : 'function_call',
    status,
    call_id: call.callId,
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
    [field]: text,
  })
  const text = call.fragments.join('')
  return {
    whole: item('completed', text),
    events: (output_index, texts) => {
      const at = { item_id: id, output_index }
      return [
        { type: 'response.output_item.added', output_index, item: item('in_progress', '') },
        ...deltas(texts, call.fragments, (delta) => ({ type: `response.${event}.delta`, ...at, delta })),
        ...dones(texts, { type: `response.${event}.done`, ...at, [field]: text }),
        { type: 'response.output_item.done', output_index, item: item('completed', text) },
      ]
    },
  }
}

function deltas(texts: string, pieces: readonly string[], event: (piece: string) => Event): Event[] {
  return texts === 'deltas' ? pieces.map(event) : []
}

function dones(texts: string, event: Event): Event[] {
  return texts === 'item-done' ? [] : [event]
}

function endOf(script: AnswerScript, response: object, output: readonly object[]): Event[] {
  const end = script.end ?? 'completed'
  if (end === 'none') return []
  if (typeof end === 'object') {
    return [{ type: 'response.failed', response: { ...response, status: 'failed', output: [], error: end } }]
  }
  const usage = script.usage ?? { input: 20, output: 5 }
  const final = {
    ...response,
    output: script.emptyOutput === true ? [] : output,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cached ?? 0, cache_write_tokens: 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
      total_tokens: usage.input + usage.output,
    },
  }
  if (end === 'completed') return [{ type: 'response.completed', response: { ...final, status: 'completed' } }]
  const incomplete_details = { reason: end }
  return [{ type: 'response.incomplete', response: { ...final, status: 'incomplete', incomplete_details } }]
}
