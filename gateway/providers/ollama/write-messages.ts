import { unwrapJsonObject } from './json-text.ts'
import type { JsonObject } from '../../model/json.ts'
import { wrapCustomInput } from '../../model/custom-tool-input.ts'
import type { MediaPart, Part, ToolCallPart, ToolResultPart, Turn } from '../../model/parts.ts'
import { type CallContext, unsupported } from './call-context.ts'

/**
 * Writes the turns as messages of `/api/chat`. Texts of a turn are joined; pictures stand beside the text as plain base64;
 * arguments of calls are objects; a result names its tool, as this API has no call ids.
 */
export function writeMessages(turns: readonly Turn[], context: CallContext): JsonObject[] {
  const names = new Map(turns.flatMap((turn) => turn.parts.flatMap((part) => callName(part, context))))
  return turns.flatMap((turn) => {
    if (turn.role === 'assistant') return writeAssistant(turn.parts, context)
    if (turn.role === 'system') return writePlain('system', turn.parts, context)
    return writeUser(turn.parts, names, context)
  })
}

function callName(part: Part, context: CallContext): [string, string][] {
  return part.type === 'tool-call' ? [[part.id, context.names.flat(part)]] : []
}

function writeUser(parts: readonly Part[], names: ReadonlyMap<string, string>, context: CallContext): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool-result')
  const messages = results.map((result) => resultMessage(result, names, context))
  // Templates read pictures of user messages only.
  const pictures = results.flatMap((result) => result.content.filter((part) => part.type === 'media'))
  if (pictures.length > 0) context.warn('media of a tool result was moved to the user message after it')
  const rest = parts.filter((part) => part.type !== 'tool-result')
  return [...messages, ...writePlain('user', [...pictures, ...rest], context)]
}

function resultMessage(result: ToolResultPart, names: ReadonlyMap<string, string>, context: CallContext): JsonObject {
  if (result.isError) context.warn('the error flag of a tool result was sent as text')
  const content = `${result.isError ? 'Error: ' : ''}${textOf(result.content)}`
  const name = names.get(result.callId)
  return { role: 'tool', content, ...(name === undefined ? {} : { tool_name: name }) }
}

function writePlain(role: 'system' | 'user', parts: readonly Part[], context: CallContext): JsonObject[] {
  for (const part of parts) {
    if (part.type === 'foreign')
      throw unsupported(context, 'messages', 'a part that is known to another API only cannot be carried.')
  }
  const media = parts.filter((part) => part.type === 'media')
  const documents = media.filter((part) => part.source.kind === 'text').map((part) => documentText(part))
  const images = media.filter((part) => part.source.kind !== 'text').map((part) => imageData(part, context))
  const content = [textOf(parts), ...documents].filter((text) => text !== '').join('\n\n')
  if (content === '' && images.length === 0) return []
  return [{ role, content, ...(images.length === 0 ? {} : { images }) }]
}

function documentText(part: MediaPart): string {
  const text = part.source.kind === 'text' ? part.source.text : ''
  return [part.title ?? part.filename, part.context, text]
    .filter((line) => line !== undefined && line !== '')
    .join('\n')
}

/** Base64 without the prefix of a data URL. */
function imageData(part: MediaPart, context: CallContext): string {
  if (part.source.kind === 'file_id') throw unsupported(context, 'messages', 'the file lies with another provider.')
  if (part.kind !== 'image') throw unsupported(context, 'messages', `Ollama takes images and no ${part.kind}.`)
  if (part.source.kind === 'base64') return part.source.data
  const data = part.source.kind === 'url' ? /^data:[^,]*;base64,(.*)$/s.exec(part.source.url)?.[1] : undefined
  if (data === undefined) throw unsupported(context, 'messages', 'an image must be sent as base64: no URL is fetched.')
  return data
}

function writeAssistant(parts: readonly Part[], context: CallContext): JsonObject[] {
  for (const part of parts) {
    if (part.type === 'foreign')
      throw unsupported(context, 'messages', 'a part of an earlier answer is known to another API only.')
    if (part.type === 'media') context.warn(`dropped ${part.kind} in an assistant message`)
  }
  const content = textOf(parts)
  const thinking = parts
    .flatMap((part) => (part.type === 'reasoning' && part.text !== '' ? [part.text] : []))
    .join('\n')
  const calls = parts.filter((part) => part.type === 'tool-call').map((call) => writeCall(call, context))
  if (content === '' && thinking === '' && calls.length === 0) return []
  return [
    {
      role: 'assistant',
      content,
      ...(thinking === '' ? {} : { thinking }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
  ]
}

function writeCall(call: ToolCallPart, context: CallContext): JsonObject {
  const text = call.kind === 'custom' ? wrapCustomInput(call.arguments) : call.arguments
  const given = unwrapJsonObject(text)
  if (given === undefined) context.warn(`the arguments of a call of ${call.name} were no JSON object and were wrapped`)
  return { function: { name: context.names.flat(call), arguments: given ?? { input: call.arguments } } }
}

function textOf(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? [part.text] : []))
    .filter((text) => text !== '')
    .join('\n')
}
