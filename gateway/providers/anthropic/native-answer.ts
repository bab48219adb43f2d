import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import type { CompleteAnswer } from '../provider.ts'
import { contentOf, parseMessage } from './anthropic-answer.ts'
import { readUsage } from './anthropic-usage.ts'

/** Reads a complete message for a client of the same dialect. Throws GatewayError as `parseMessage` does. */
export function readNativeAnswer(name: UpstreamName, body: Buffer): CompleteAnswer {
  const message = parseMessage(name, body)
  return {
    body,
    usage: isJsonObject(message.usage) ? readUsage(message.usage) : null,
    asStream: () => streamOf(message),
  }
}

/** A complete message as the events of a stream. */
function streamOf(message: JsonObject): { events: Buffer; terminal: Buffer } {
  const usage = isJsonObject(message.usage) ? message.usage : {}
  const head = {
    ...message,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 0 },
  }
  const end = { stop_reason: message.stop_reason ?? 'end_turn', stop_sequence: message.stop_sequence ?? null }
  const events = [
    { type: 'message_start', message: head },
    ...contentOf(message).flatMap((block, index) => blockEvents(block, index)),
    { type: 'message_delta', delta: end, usage },
  ]
  return { events: Buffer.from(events.map((event) => frame(event)).join('')), terminal: frameBytes('message_stop') }
}

function blockEvents(block: JsonObject, index: number): (JsonObject & { readonly type: string })[] {
  const { opened, deltas } = splitBlock(block)
  return [
    { type: 'content_block_start', index, content_block: opened },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

/** A block as it is at its start, and what is said after. Blocks of other types come whole with their start. */
function splitBlock(block: JsonObject): { readonly opened: JsonObject; readonly deltas: readonly JsonObject[] } {
  switch (block.type) {
    case 'text':
      return { opened: { ...block, text: '' }, deltas: said('text_delta', 'text', block.text) }
    case 'thinking':
      return {
        opened: { ...block, thinking: '', signature: '' },
        deltas: [
          ...said('thinking_delta', 'thinking', block.thinking),
          ...said('signature_delta', 'signature', block.signature),
        ],
      }
    case 'tool_use':
    case 'server_tool_use':
      return {
        opened: { ...block, input: {} },
        deltas: said('input_json_delta', 'partial_json', JSON.stringify(block.input ?? {})),
      }
    default:
      return { opened: block, deltas: [] }
  }
}

function said(type: string, field: string, value: JsonValue | undefined): JsonObject[] {
  return typeof value === 'string' && value !== '' ? [{ type, [field]: value }] : []
}

function frame(event: JsonObject & { readonly type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

function frameBytes(type: string): Buffer {
  return Buffer.from(frame({ type }))
}
