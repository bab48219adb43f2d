import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { MediaPart, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../../model/parts.ts'
import { readCacheMark } from './cache-mark.ts'
import { type CarriedState, readCarriedState, returnState } from './carried-state.ts'
import { isAbsent, notCarried, readObject, readText, writeJson, wrongField } from './field-checks.ts'
import { readDocument, readImage, readSearchResult } from './read-media.ts'

/** The content of a message as parts. Throws GatewayError 400 naming the block. `warn` hears of what is lost. */
export function readBlocks(
  content: JsonValue | undefined,
  role: 'user' | 'assistant' | 'system',
  path: string,
  warn: (text: string) => void,
): readonly Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw wrongField(path, 'a text or a list of blocks')
  let parts: Part[] = []
  for (const [index, entry] of content.entries()) {
    const place = `${path}.${index}`
    const block = readObject(entry, place)
    const beside = stateBeside(block)
    if (beside !== undefined) parts = returnState(parts, beside)
    else parts.push(...readBlock(block, role, place, warn))
  }
  return parts
}

function readBlock(
  block: JsonObject,
  role: 'user' | 'assistant' | 'system',
  path: string,
  warn: (text: string) => void,
): readonly Part[] {
  const type = readText(block.type, `${path}.type`)
  if (role === 'system' && type !== 'text') {
    // Betas put changes of tools and settings there, which mean nothing to other providers.
    warn(`dropped a ${type.slice(0, 80)} block of a system message`)
    return []
  }
  switch (type) {
    case 'text':
      return [readTextBlock(block, path, warn)]
    case 'image':
      return [readImage(block, path)]
    case 'document':
      return readDocument(block, path)
    case 'search_result':
      return [readSearchResult(block, path)]
    case 'thinking':
    case 'redacted_thinking':
      return role === 'assistant' ? [readThinking(block, path)] : []
    case 'tool_use':
      if (role !== 'assistant') throw wrongField(`${path}.type`, 'in a message of the assistant for "tool_use"')
      return [readToolUse(block, path)]
    case 'tool_result':
      if (role !== 'user') throw wrongField(`${path}.type`, 'in a message of the user for "tool_result"')
      return [readToolResult(block, path)]
    default:
      return [{ type: 'foreign', dialect: 'messages', value: block }]
  }
}

function readTextBlock(block: JsonObject, path: string, warn: (text: string) => void): TextPart {
  if (Array.isArray(block.citations) && block.citations.length > 0) warn('dropped citations of the history')
  return { type: 'text', text: readText(block.text, `${path}.text`), ...readCacheMark(block, path) }
}

function readThinking(block: JsonObject, path: string): ReasoningPart {
  if (block.type === 'redacted_thinking') {
    const { states } = readCarriedState(readText(block.data, `${path}.data`), 'redacted_thinking')
    return { type: 'reasoning', text: '', opaque: states }
  }
  const signature = isAbsent(block.signature) ? '' : readText(block.signature, `${path}.signature`)
  const { states } = readCarriedState(signature, 'signature')
  return { type: 'reasoning', text: readText(block.thinking, `${path}.thinking`), opaque: states }
}

/** State of a part that has no field for it: our own redacted block after that part. */
function stateBeside(block: JsonObject): CarriedState | undefined {
  if (block.type !== 'redacted_thinking' || typeof block.data !== 'string') return undefined
  const carried = readCarriedState(block.data, 'redacted_thinking')
  return carried.owner === undefined ? undefined : carried
}

function readToolUse(block: JsonObject, path: string): ToolCallPart {
  const input = isAbsent(block.input) ? {} : readObject(block.input, `${path}.input`)
  return {
    type: 'tool-call',
    id: readId(block.id, `${path}.id`),
    name: readName(block.name, `${path}.name`),
    kind: 'function',
    arguments: writeJson(input, `${path}.input`),
    ...readCacheMark(block, path),
  }
}

function readId(value: JsonValue | undefined, path: string): string {
  const id = readText(value, path)
  if (id === '' || id.length > 512) throw wrongField(path, 'an id of 1 to 512 characters')
  return id
}

function readName(value: JsonValue | undefined, path: string): string {
  const name = readText(value, path)
  if (name === '') throw wrongField(path, "a tool's name")
  return name
}

function readToolResult(block: JsonObject, path: string): ToolResultPart {
  return {
    type: 'tool-result',
    callId: readId(block.tool_use_id, `${path}.tool_use_id`),
    content: readResultContent(block.content, `${path}.content`),
    isError: block.is_error === true,
    kind: 'function',
    ...readCacheMark(block, path),
  }
}

function readResultContent(content: JsonValue | undefined, path: string): readonly (TextPart | MediaPart)[] {
  if (isAbsent(content) || content === '') return []
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw wrongField(path, 'a text or a list of blocks')
  return content.flatMap((entry, index) => readResultBlock(readObject(entry, `${path}.${index}`), `${path}.${index}`))
}

function readResultBlock(block: JsonObject, path: string): readonly (TextPart | MediaPart)[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: readText(block.text, `${path}.text`), ...readCacheMark(block, path) }]
    case 'image':
      return [readImage(block, path)]
    case 'document':
      return readDocument(block, path)
    case 'search_result':
      return [readSearchResult(block, path)]
    case 'tool_reference':
      return [{ type: 'text', text: `Tool ${readText(block.tool_name, `${path}.tool_name`)} can be called.` }]
    default:
      throw notCarried(`${path}.type`, `A "${typeName(block)}" block in a tool result`)
  }
}

function typeName(block: JsonObject): string {
  return typeof block.type === 'string' ? block.type.slice(0, 80) : 'nameless'
}

/** The role of a message. Throws GatewayError 400 for an unknown one. */
export function readMessage(
  value: JsonValue,
  path: string,
): { role: 'user' | 'assistant' | 'system'; message: JsonObject } {
  if (!isJsonObject(value)) throw wrongField(path, 'an object')
  const { role } = value
  if (role === 'user' || role === 'assistant' || role === 'system') return { role, message: value }
  throw new GatewayError('invalid_field', `The field "${path}.role" must be "user", "assistant" or "system".`, {
    param: `${path}.role`,
  })
}
