import { GatewayError } from '../../model/errors.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { drop, type Translation } from './translation.ts'
import type { WireTurn } from './write-messages.ts'

const noResult = 'No result was recorded for this call.'
/** Stands between a tool's result and the user's next words where an upstream wants an assistant there. */
const betweenToolAndUser = 'I have the result.'

/**
 * Puts written turns into an order that the upstream accepts: each call answered directly after it, nothing answered that
 * was not called, system messages where templates allow them, an assistant between tool and user where one is wanted.
 */
export function orderMessages(translation: Translation, turns: readonly WireTurn[]): JsonObject[] {
  const paired = pairResults(translation, turns)
  const placed = translation.quirks.systemPlace === 'first' ? systemFirst(translation, paired) : paired
  const messages = translation.quirks.userAfterTool ? placed : separateUserFromTool(placed)
  if (messages.length === 0) {
    throw new GatewayError('invalid_field', 'The conversation holds no text and no call; one message is wanted.', {
      param: 'messages',
    })
  }
  return continueLast(translation, messages)
}

/** Results go directly behind the message that called, wherever they stood; what has no call is left out. */
function pairResults(translation: Translation, turns: readonly WireTurn[]): JsonObject[] {
  const messages: JsonObject[] = []
  const used = new Set<WireTurn['results'][number]>()
  for (const [position, turn] of turns.entries()) {
    const reported = turn.results.filter((result) => !used.has(result))
    if (reported.length > 0) translation.warnings.add('dropped a tool result that answers no call')
    // Pictures of results stand after all results of the call, so the call's turn brings them.
    const moved = reported.length === turn.results.length ? [] : turn.moved
    const message = withParts(turn.message, moved, turn.role)
    if (message !== undefined) messages.push(message)
    if (turn.callIds.length > 0) messages.push(...answersTo(translation, turn.callIds, turns.slice(position + 1), used))
  }
  return messages
}

/** One tool message for each call, in order; the results may be spread over several turns before the next assistant. */
function answersTo(
  translation: Translation,
  callIds: readonly string[],
  later: readonly WireTurn[],
  used: Set<WireTurn['results'][number]>,
): JsonObject[] {
  const nextAssistant = later.findIndex((turn) => turn.role === 'assistant' && turn.message !== undefined)
  const results = later.slice(0, nextAssistant === -1 ? later.length : nextAssistant).flatMap((turn) => turn.results)
  return callIds.map((id) => {
    const result = results.find((candidate) => candidate.callId === id && !used.has(candidate))
    if (result !== undefined) {
      used.add(result)
      return result.message
    }
    translation.warnings.add('added an empty result for a tool call without one')
    return { role: 'tool', tool_call_id: id, content: noResult }
  })
}

/** Adds parts in front of a message's content, or makes a user message of them. */
function withParts(
  message: JsonObject | undefined,
  moved: readonly JsonValue[],
  role: WireTurn['role'],
): JsonObject | undefined {
  if (moved.length === 0) return message
  if (message === undefined || role !== 'user') return { role: 'user', content: [...moved] }
  return { ...message, content: [...moved, ...partsOf(message.content)] }
}

function partsOf(content: JsonValue | undefined): JsonValue[] {
  if (Array.isArray(content)) return content
  return typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : []
}

/** All system messages as one at the top, and neighbours of one role as one: what strict chat templates want. */
function systemFirst(translation: Translation, messages: readonly JsonObject[]): JsonObject[] {
  const isSystem = (message: JsonObject): boolean => message.role === 'system' || message.role === 'developer'
  const system = messages.filter(isSystem)
  const others = messages.filter((message) => !isSystem(message))
  const leading = messages.findIndex((message) => !isSystem(message))
  if (leading !== -1 && messages.slice(leading).some(isSystem)) {
    translation.warnings.add('late system messages were moved to the top')
  }
  if (system.length === 0) return mergeUsers(others)
  return [
    system.reduce((first, next) => ({ ...first, content: joined(first.content, next.content) })),
    ...mergeUsers(others),
  ]
}

function mergeUsers(messages: readonly JsonObject[]): JsonObject[] {
  const merged: JsonObject[] = []
  for (const message of messages) {
    const last = merged.at(-1)
    if (message.role === 'user' && last?.role === 'user') {
      merged[merged.length - 1] = { ...last, content: joined(last.content, message.content) }
    } else merged.push(message)
  }
  return merged
}

function joined(first: JsonValue | undefined, second: JsonValue | undefined): JsonValue {
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`
  return [...partsOf(first), ...partsOf(second)]
}

function separateUserFromTool(messages: readonly JsonObject[]): JsonObject[] {
  return messages.flatMap((message, position) =>
    message.role === 'user' && messages[position - 1]?.role === 'tool'
      ? [{ role: 'assistant', content: betweenToolAndUser }, message]
      : [message],
  )
}

/** A trailing assistant message is a beginning to some upstreams and history to the others. */
function continueLast(translation: Translation, messages: JsonObject[]): JsonObject[] {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || last.tool_calls !== undefined) return messages
  if (translation.quirks.prefill === 'prefix') return [...messages.slice(0, -1), { ...last, prefix: true }]
  // OpenAI's own clients mean history by it.
  if (translation.quirks.prefill === 'history' && translation.request.dialect === 'messages') {
    drop(translation, 'the meaning of the last assistant message as a beginning')
  }
  return messages
}
