import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { MediaPart, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart, Turn } from '../../model/parts.ts'
import { customInputArguments } from './custom-tools.ts'
import { drop, refusal, type Translation } from './translation.ts'
import { WireToolIds } from './wire-tool-ids.ts'
import { writeContent, writeText } from './write-content.ts'

/** A turn written to the wire: its message, with the tool results and the pictures of them that it brought. */
export interface WireTurn {
  readonly role: 'system' | 'user' | 'assistant'
  /** Undefined when nothing was left of the turn but tool results. */
  readonly message: JsonObject | undefined
  /** Ids of the calls in an assistant message. */
  readonly callIds: readonly string[]
  readonly results: readonly { readonly callId: string; readonly message: JsonObject }[]
  /** Content parts that stood in tool results and cannot stay there. */
  readonly moved: readonly JsonValue[]
}

/** Writes each turn by itself; the order of the whole is put right afterwards. */
export function writeTurns(translation: Translation): WireTurn[] {
  const { turns } = translation.request
  const ids = new WireToolIds(translation.quirks.toolIds, turns.flatMap(idsOf))
  return turns.map((turn) => writeTurn(translation, ids, turn))
}

function idsOf(turn: Turn): string[] {
  return turn.parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))
}

const nothing = { callIds: [], results: [], moved: [] }

function writeTurn(translation: Translation, ids: WireToolIds, turn: Turn): WireTurn {
  if (turn.role === 'assistant') return writeAssistant(translation, ids, turn)
  if (turn.role === 'user') return writeUser(translation, ids, turn)
  const content = writeContent(translation, turn.parts)
  const role = translation.quirks.systemRole === 'developer' && translation.rules.reasons ? 'developer' : 'system'
  return { role: 'system', message: content === undefined ? undefined : { role, content }, ...nothing }
}

function writeUser(translation: Translation, ids: WireToolIds, turn: Turn): WireTurn {
  const results = turn.parts.filter((part): part is ToolResultPart => part.type === 'tool-result')
  const content = writeContent(
    translation,
    turn.parts.filter((part) => part.type !== 'tool-result'),
  )
  const moved: JsonValue[] = []
  return {
    role: 'user',
    message: content === undefined ? undefined : { role: 'user', content },
    callIds: [],
    results: results.map((result) => ({
      callId: ids.of(result.callId),
      message: toolMessage(translation, ids.of(result.callId), result, moved),
    })),
    moved,
  }
}

/** A tool message holds text only: pictures go into a user message after all results of the turn. */
function toolMessage(translation: Translation, id: string, result: ToolResultPart, moved: JsonValue[]): JsonObject {
  const texts = result.content.filter((part): part is TextPart => part.type === 'text')
  const media = result.content.filter((part): part is MediaPart => part.type === 'media')
  const inline = media.filter((part) => part.source.kind === 'text')
  const pictures = media.filter((part) => part.source.kind !== 'text')
  const text = [writeText(texts), ...inline.map((part) => documentText(part))].filter((part) => part !== '')
  if (pictures.length > 0) {
    translation.warnings.add('media of a tool result was moved to the user message after it')
    text.push(`[${pictures.length === 1 ? 'the attachment is' : 'the attachments are'} in the next user message]`)
    const written = writeContent(translation, [
      { type: 'text', text: `Attached to the result of tool call ${id}:` },
      ...pictures,
    ])
    if (Array.isArray(written)) moved.push(...written)
  }
  if (result.cacheMark !== undefined) {
    translation.warnings.add(`dropped cache marks: ${translation.deployment.provider} has none on tool results`)
  }
  if (result.isError) translation.warnings.add('the error flag of a tool result was sent as text')
  const content = `${result.isError ? 'Error: ' : ''}${text.join('\n')}`
  return { role: 'tool', tool_call_id: id, content }
}

function documentText(part: MediaPart): string {
  const text = part.source.kind === 'text' ? part.source.text : ''
  return [part.title, part.context, text].filter((line) => line !== undefined && line !== '').join('\n\n')
}

function writeAssistant(translation: Translation, ids: WireToolIds, turn: Turn): WireTurn {
  const calls = turn.parts.filter((part): part is ToolCallPart => part.type === 'tool-call')
  const thoughts = turn.parts.filter((part): part is ReasoningPart => part.type === 'reasoning')
  const content = assistantContent(translation, turn.parts, thoughts)
  const isBare = content === undefined && calls.length === 0
  const none = isBare || !translation.quirks.textParts ? '' : null
  const message: JsonObject = { role: 'assistant', content: content ?? none }
  addReasoning(translation, message, thoughts)
  // A turn of thinking alone counts where the upstream wants its thinking back.
  const thinks = Object.entries(message).some(([field, value]) => field.startsWith('reasoning') && value !== '')
  if (isBare && !thinks) return { role: 'assistant', message: undefined, ...nothing }
  if (calls.length > 0) message.tool_calls = calls.map((call) => writeCall(translation, ids.of(call.id), call))
  return { role: 'assistant', message, callIds: calls.map((call) => ids.of(call.id)), results: [], moved: [] }
}

function assistantContent(
  translation: Translation,
  parts: readonly Part[],
  thoughts: readonly ReasoningPart[],
): JsonValue | undefined {
  for (const part of parts) refuseForeign(translation, part)
  // Assistant messages hold text only, and lists of text are dropped by some servers.
  const text = writeText(parts)
  const thought = textOf(thoughts)
  if (translation.quirks.reasoningField === 'thinking-chunk' && thought !== '') {
    const chunk: JsonObject = { type: 'thinking', thinking: [{ type: 'text', text: thought }] }
    return text === '' ? [chunk] : [chunk, { type: 'text', text }]
  }
  return text === '' ? undefined : text
}

function refuseForeign(translation: Translation, part: Part): void {
  if (part.type === 'foreign') {
    throw refusal(translation, 'messages', 'a part of an earlier answer that is known to another API only')
  }
  if (part.type === 'media') drop(translation, `${part.kind} in an assistant message`)
}

function textOf(thoughts: readonly ReasoningPart[]): string {
  return thoughts
    .map((part) => part.text)
    .filter((text) => text !== '')
    .join('\n')
}

/** Visible reasoning for upstreams that want it back, and its opaque state for the one that made it. */
function addReasoning(translation: Translation, message: JsonObject, thoughts: readonly ReasoningPart[]): void {
  const { quirks, scope } = translation
  const details = thoughts
    .flatMap((part) => part.opaque)
    .filter((state) => state.scope === scope && state.kind === 'reasoning_details')
    .flatMap((state) => (Array.isArray(state.data) ? state.data : [state.data]))
  if (details.length > 0) message.reasoning_details = details
  if (quirks.reasoningField === undefined || quirks.reasoningField === 'thinking-chunk') return
  const text = textOf(thoughts)
  if (text !== '' || quirks.reasoningRequired) message[quirks.reasoningField] = text
}

function writeCall(translation: Translation, id: string, call: ToolCallPart): JsonObject {
  const name = translation.names.flat(call)
  const signature = call.opaque?.find(
    (state) => state.scope === translation.scope && state.kind === 'thought_signature',
  )
  const extra: JsonObject =
    signature === undefined ? {} : { extra_content: { google: { thought_signature: signature.data } } }
  if (call.kind === 'custom' && translation.quirks.customTools) {
    return { id, type: 'custom', custom: { name, input: call.arguments }, ...extra }
  }
  const given = call.kind === 'custom' ? customInputArguments(call.arguments) : call.arguments
  return { id, type: 'function', function: { name, arguments: given.trim() === '' ? '{}' : given }, ...extra }
}
