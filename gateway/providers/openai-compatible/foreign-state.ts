import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { isSealed, sealMark } from '../../model/sealed-state.ts'
import type { NativeCall } from '../provider.ts'

/**
 * The client's messages without the reasoning state that we had sealed for another upstream: in `reasoning_details` and in
 * the extra content of tool calls, where the chat-completions writer puts it. Undefined when there is none, so that the
 * messages keep their bytes.
 * @throws GatewayError `invalid_field` for messages nested too deeply to be written again
 */
export function messagesWithoutSealedState({ body, fields }: NativeCall): string | undefined {
  const span = fields.get('messages')
  if (span === undefined || !body.includes(sealMark)) return undefined
  const messages = JSON.parse(body.toString('utf8', span.valueStart, span.valueEnd)) as JsonValue
  if (!Array.isArray(messages)) return undefined
  const kept = messages.map((message) => (isJsonObject(message) ? withoutState(message) : message))
  if (kept.every((message, index) => message === messages[index])) return undefined
  try {
    return JSON.stringify(kept)
  } catch (cause) {
    throw new GatewayError('invalid_field', 'The field "messages" is nested too deeply.', { param: 'messages', cause })
  }
}

function withoutState(message: JsonObject): JsonObject {
  const { reasoning_details: details, tool_calls: calls, ...rest } = message
  const keptDetails = Array.isArray(details) ? details.filter((entry) => !holdsSeal(entry, 'data')) : details
  const keptCalls = Array.isArray(calls) ? calls.map((call) => withoutSignature(call)) : calls
  if (isSame(details, keptDetails) && isSame(calls, keptCalls)) return message
  // Servers that do not know the field refuse it, empty or not.
  const hasDetails = keptDetails !== undefined && (!Array.isArray(keptDetails) || keptDetails.length > 0)
  return {
    ...rest,
    ...(hasDetails ? { reasoning_details: keptDetails } : {}),
    ...(keptCalls === undefined ? {} : { tool_calls: keptCalls }),
  }
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return before === after
  return before.length === after.length && before.every((entry, index) => entry === after[index])
}

/** All of the extra content goes: a sealed signature stands in no other that we write. */
function withoutSignature(call: JsonValue): JsonValue {
  if (!isJsonObject(call) || !isJsonObject(call.extra_content)) return call
  if (!holdsSeal(call.extra_content.google, 'thought_signature')) return call
  const { extra_content: _, ...rest } = call
  return rest
}

function holdsSeal(value: JsonValue | undefined, field: string): boolean {
  if (!isJsonObject(value)) return false
  const text = value[field]
  return typeof text === 'string' && isSealed(text)
}
