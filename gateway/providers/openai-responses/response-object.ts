import type { JsonObject } from '../../model/json.ts'
import { invalidAnswer, parseAnswerObject } from '../answer-object.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import type { CompleteAnswer } from '../provider.ts'
import { objectsOf, textOf } from './answer-events.ts'
import { readResponsesError } from './responses-failure.ts'
import { readResponsesUsage } from './responses-usage.ts'

const wanted = 'a response'

/** Parses a complete response object. @throws GatewayError for what is none, or for the error it carries */
export function parseResponse(name: UpstreamName, body: Buffer): JsonObject {
  const response = parseAnswerObject(name, wanted, body)
  const failed = response.status === 'failed' || response.status === 'cancelled'
  if (failed || (response.error !== undefined && response.error !== null))
    throw readResponsesError(name, response.error)
  if (!Array.isArray(response.output)) throw invalidAnswer(name, wanted, 'an answer without output')
  return response
}

/** The same for a client of the same dialect, which gets the upstream's own bytes. */
export function readCompleteResponse(name: UpstreamName, body: Buffer): CompleteAnswer {
  const response = parseResponse(name, body)
  return { body, usage: readResponsesUsage(response), asStream: () => streamOf(response) }
}

/** Every item whole, text also as one delta, for an upstream that ignored `stream`. */
function streamOf(response: JsonObject): { events: Buffer; terminal: Buffer } {
  const events: JsonObject[] = []
  const open = { ...response, status: 'in_progress', output: [], usage: null, completed_at: null }
  events.push({ type: 'response.created', response: open }, { type: 'response.in_progress', response: open })
  for (const [output_index, item] of objectsOf(response.output).entries())
    events.push(...itemEvents(output_index, item))
  const end = response.status === 'incomplete' ? 'response.incomplete' : 'response.completed'
  const bytes = [...events, { type: end, response }].map((event, sequence_number) => {
    const { type, ...rest } = event
    return Buffer.from(`event: ${textOf(type)}\ndata: ${JSON.stringify({ type, sequence_number, ...rest })}\n\n`)
  })
  return { events: Buffer.concat(bytes.slice(0, -1)), terminal: bytes.at(-1) ?? Buffer.alloc(0) }
}

function itemEvents(output_index: number, item: JsonObject): JsonObject[] {
  const isMessage = item.type === 'message'
  const item_id = item.id ?? null
  const contents = isMessage ? objectsOf(item.content) : []
  const texts = contents.flatMap((part, content_index) => {
    if (part.type !== 'output_text' || typeof part.text !== 'string') return []
    const place = { item_id, output_index, content_index }
    const empty = { ...part, text: '', annotations: [] }
    return [
      { type: 'response.content_part.added', ...place, part: empty },
      { type: 'response.output_text.delta', ...place, delta: part.text, logprobs: [] },
      { type: 'response.output_text.done', ...place, text: part.text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part },
    ]
  })
  const added = isMessage ? { ...item, status: 'in_progress', content: [] } : item
  return [
    { type: 'response.output_item.added', output_index, item: added },
    ...texts,
    { type: 'response.output_item.done', output_index, item },
  ]
}
