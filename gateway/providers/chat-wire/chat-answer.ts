import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { invalidAnswer, parseAnswerObject } from '../answer-object.ts'
import type { CompleteAnswer } from '../provider.ts'
import { readChatErrorObject, type UpstreamName } from './chat-failure.ts'
import { readChatUsage } from './chat-usage.ts'

const wanted = 'a chat completion'

/**
 * Reads a complete chat completion. Throws GatewayError `upstream_invalid_answer` for what is no completion (a login page,
 * cut JSON) and the matching error for an error object that came with status 200. `withholdUsage`: as a stream it has no
 * usage chunk, since the client did not ask for one.
 */
export function readChatAnswer(name: UpstreamName, body: Buffer, withholdUsage = false): CompleteAnswer {
  const answer = parseAnswerObject(name, wanted, body)
  if (isJsonObject(answer.error)) throw readChatErrorObject(name, answer.error)
  if (typeof answer.error === 'string') throw readChatErrorObject(name, { message: answer.error })
  if (!Array.isArray(answer.choices)) throw invalidAnswer(name, wanted, 'an answer without choices')
  return { body, usage: readChatUsage(answer), asStream: () => streamOf(answer, withholdUsage) }
}

/** One chunk with everything, one with usage if asked for, then the end marker: for an upstream that ignored `stream`. */
function streamOf(answer: JsonObject, withholdUsage: boolean): { events: Buffer; terminal: Buffer } {
  const { choices, usage, ...rest } = answer
  const head: JsonObject = { ...rest, object: 'chat.completion.chunk' }
  const chunk = { ...head, choices: (choices as JsonValue[]).map(chunkChoice) }
  const events = [chunk, ...(usage === undefined || withholdUsage ? [] : [{ ...head, choices: [], usage }])]
  return {
    events: Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')),
    terminal: Buffer.from('data: [DONE]\n\n'),
  }
}

function chunkChoice(choice: JsonValue): JsonValue {
  if (!isJsonObject(choice)) return choice
  const { message, ...rest } = choice
  return { ...rest, delta: isJsonObject(message) ? indexedToolCalls(message) : {} }
}

/** A delta's tool calls carry their place; a message's do not. */
function indexedToolCalls(message: JsonObject): JsonObject {
  if (!Array.isArray(message.tool_calls)) return message
  return {
    ...message,
    tool_calls: message.tool_calls.map((call, index) => (isJsonObject(call) ? { index, ...call } : call)),
  }
}
