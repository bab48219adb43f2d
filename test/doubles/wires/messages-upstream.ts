import type { RecordedRequest } from '../upstream/recorded-request.ts'
import type { Gate, RawScript } from '../upstream/script.ts'
import { type ScriptSource, startUpstream, type Upstream } from '../upstream-server.ts'

/*
 * Anthropic's Messages wire: event order and fields as in test/fixtures/wires/messages (whose README says where they are
 * from). The texts are our own.
 */

export type BlockScript =
  | { readonly type: 'text'; readonly text: string | readonly string[] }
  | { readonly type: 'thinking'; readonly text: string | readonly string[]; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  /** `arguments` is the JSON text in the fragments a stream sends; empty means that none are sent. */
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly arguments: readonly string[] }

/** Token counts in this wire's terms: `input` leaves out what was read from and written to the cache. */
export interface MessageUsage {
  readonly input: number
  readonly output: number
  readonly cacheRead?: number
  readonly cacheWritten?: number
  readonly thinking?: number
}

export interface MessageScript {
  readonly blocks: readonly BlockScript[]
  readonly stopReason?: string | null
  readonly stopSequence?: string
  readonly usage?: MessageUsage
  readonly model?: string
}

export interface MessageFraming {
  readonly lineEnd?: '\n' | '\r\n' | '\r'
  /** A ping before each event but the first. */
  readonly pings?: boolean
  /** False leaves the `event:` lines out: the type is in the data. */
  readonly names?: boolean
  /** Only so many events. */
  readonly cutAfter?: number
  /** An error event in place of everything after this many events. */
  readonly errorAfter?: { readonly events: number; readonly type: string; readonly message: string }
  /** Bytes of each write; an event each unless given. */
  readonly writes?: number
  /** Waits at this gate after this many writes. */
  readonly stall?: { readonly writes: number; readonly gate: Gate }
}

type Event = { readonly type: string } & Readonly<Record<string, unknown>>

const defaultUsage: MessageUsage = { input: 20, output: 5 }

/** The body of a JSON answer. */
export function messageBody(script: MessageScript): Record<string, unknown> {
  return {
    id: 'msg_double',
    type: 'message',
    role: 'assistant',
    model: script.model ?? 'claude-double',
    content: script.blocks.map((block) => wholeBlock(block)),
    stop_reason: stopReason(script),
    stop_sequence: script.stopSequence ?? null,
    usage: usageBody(script.usage ?? defaultUsage),
  }
}

/** The events of a stream in order. */
export function messageEvents(script: MessageScript): Event[] {
  const usage = script.usage ?? defaultUsage
  const head = { ...messageBody(script), content: [], stop_reason: null, stop_sequence: null }
  return [
    { type: 'message_start', message: { ...head, usage: usageBody({ ...usage, output: 1, thinking: 0 }) } },
    ...script.blocks.flatMap((block, index) => blockEvents(block, index)),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason(script), stop_sequence: script.stopSequence ?? null },
      usage: usageBody(usage),
    },
    { type: 'message_stop' },
  ]
}

/** Events as bytes. */
export function messageStream(events: readonly Event[], framing: MessageFraming = {}): Buffer {
  return Buffer.from(framed(events, framing).join(''))
}

/** An answer in the form that a request asks for. */
export function messageReply(script: MessageScript, framing: MessageFraming = {}): ScriptSource {
  return (request: RecordedRequest): RawScript =>
    request.json?.stream === true
      ? streamScript(messageEvents(script), framing)
      : jsonScript(200, messageBody(script), { 'request-id': 'req_double' })
}

/** A refusal in this wire's shape. */
export function messageError(
  status: number,
  error: { readonly type: string; readonly message: string; readonly details?: object },
  headers: Readonly<Record<string, string>> = {},
): RawScript {
  return jsonScript(
    status,
    { type: 'error', error, request_id: 'req_double' },
    { 'request-id': 'req_double', ...headers },
  )
}

/** A stream as a script of the server. */
export function streamScript(events: readonly Event[], framing: MessageFraming = {}): RawScript {
  const texts = framed(events, framing)
  return {
    kind: 'raw',
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_double' },
    body: framing.writes === undefined ? texts : blocksOf(Buffer.from(texts.join('')), framing.writes),
    ...(framing.cutAfter === undefined ? {} : { cut: true }),
    ...(framing.stall === undefined ? {} : { stall: { blocks: framing.stall.writes, gate: framing.stall.gate } }),
  }
}

/** Starts an upstream that answers every request with "Hello." in the form it asks for. */
export async function startMessagesUpstream(): Promise<Upstream> {
  const upstream = await startUpstream()
  upstream.reply(messageReply({ blocks: [{ type: 'text', text: ['Hel', 'lo.'] }] }))
  return upstream
}

function framed(events: readonly Event[], framing: MessageFraming): string[] {
  const { lineEnd = '\n', pings = false, names = true, errorAfter, cutAfter } = framing
  const kept = errorAfter === undefined ? events : [...events.slice(0, errorAfter.events), errorEvent(errorAfter)]
  const sent = kept.slice(0, cutAfter ?? kept.length)
  const withPings = pings ? sent.flatMap((event, index) => (index === 0 ? [event] : [{ type: 'ping' }, event])) : sent
  return withPings.map((event) => {
    const name = names ? `event: ${event.type}${lineEnd}` : ''
    return `${name}data: ${JSON.stringify(event)}${lineEnd}${lineEnd}`
  })
}

function errorEvent({ type, message }: { readonly type: string; readonly message: string }): Event {
  return { type: 'error', error: { type, message }, request_id: 'req_double' }
}

function blockEvents(block: BlockScript, index: number): Event[] {
  const { start, deltas } = openedBlock(block)
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

function openedBlock(block: BlockScript): { start: object; deltas: readonly object[] } {
  switch (block.type) {
    case 'text':
      return {
        start: { type: 'text', text: '' },
        deltas: pieces(block.text).map((text) => ({ type: 'text_delta', text })),
      }
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          ...pieces(block.text).map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: block.signature },
        ],
      }
    case 'redacted_thinking':
      return { start: block, deltas: [] }
    case 'tool_use':
      return {
        start: { type: 'tool_use', id: block.id, name: block.name, input: {} },
        deltas: block.arguments.map((fragment) => ({ type: 'input_json_delta', partial_json: fragment })),
      }
  }
}

function wholeBlock(block: BlockScript): object {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: pieces(block.text).join('') }
    case 'thinking':
      return { type: 'thinking', thinking: pieces(block.text).join(''), signature: block.signature }
    case 'redacted_thinking':
      return block
    case 'tool_use': {
      const text = block.arguments.join('')
      return {
        type: 'tool_use',
        id: block.id,
        name: block.name,
        input: text === '' ? {} : (JSON.parse(text) as object),
      }
    }
  }
}

function stopReason(script: MessageScript): string | null {
  if (script.stopReason !== undefined) return script.stopReason
  return script.blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn'
}

function usageBody(usage: MessageUsage): Record<string, unknown> {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWritten ?? 0,
    cache_read_input_tokens: usage.cacheRead ?? 0,
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.thinking ?? 0 },
    service_tier: 'standard',
  }
}

function jsonScript(status: number, body: object, headers: Readonly<Record<string, string>>): RawScript {
  return {
    kind: 'raw',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: [JSON.stringify(body)],
  }
}

function pieces(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? [text] : text
}

function blocksOf(whole: Buffer, size: number): Buffer[] {
  const count = Math.ceil(whole.length / size)
  return Array.from({ length: count }, (_, index) => whole.subarray(index * size, (index + 1) * size))
}
