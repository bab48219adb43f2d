import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { MediaPart, OpaqueState, Part, TextPart, ToolCallPart, ToolResultPart } from '../../model/parts.ts'
import type { CallLedger } from './call-ledger.ts'
import { invalid, objectList, optionalText, pick } from './fields.ts'
import { readFileData, readInlineData } from './read-media.ts'
import { readSignature } from './signature-field.ts'

/** Keys of a part that may stand beside its content. */
const beside = new Set(['mediaResolution', 'media_resolution', 'thought', 'thoughtSignature', 'thought_signature'])

/** Reads the parts of one turn. @throws GatewayError naming the part's field */
export function readParts(parts: readonly JsonObject[], param: string, calls: CallLedger): Part[] {
  const read: Part[] = []
  for (const [index, part] of parts.entries()) addPart(read, part, `${param}[${index}]`, calls)
  return read
}

function addPart(read: Part[], part: JsonObject, param: string, calls: CallLedger): void {
  const signature = optionalText(part, 'thoughtSignature', `${param}.`)
  const carried = signature === undefined || signature === '' ? undefined : readSignature(signature)
  if (carried !== undefined && carried.reasoning.length > 0) {
    // The same reasoning with its state: what the client kept of it without is left out.
    const kept = read.filter((entry) => entry.type !== 'reasoning' || entry.opaque.length > 0)
    read.splice(0, read.length, ...kept, ...carried.reasoning)
  }
  const content = readContent(part, param, calls)
  const own = carried?.own ?? []
  if (content === undefined) sign(read, own)
  else read.push(own.length === 0 ? content : signed(content, own))
}

function signed(part: Part, own: readonly OpaqueState[]): Part {
  return part.type === 'text' || part.type === 'tool-call' || part.type === 'reasoning'
    ? { ...part, opaque: own }
    : part
}

/** State on an empty part belongs to the part before it. */
function sign(read: Part[], own: readonly OpaqueState[]): void {
  if (own.length === 0) return
  const last = read.at(-1)
  const free = (last?.type === 'text' || last?.type === 'tool-call') && last.opaque === undefined
  if (free) read[read.length - 1] = { ...last, opaque: own }
  else read.push({ type: 'reasoning', text: '', opaque: own })
}

/** A part without its signature; undefined for one that says nothing. */
function readContent(part: JsonObject, param: string, calls: CallLedger): Part | undefined {
  const text = optionalText(part, 'text', `${param}.`)
  if (text !== undefined) {
    if (text === '') return undefined
    return part.thought === true ? { type: 'reasoning', text, opaque: [] } : { type: 'text', text }
  }
  const inline = inner(part, 'inlineData', param)
  if (inline !== undefined) return readInlineData(inline, `${param}.inlineData`)
  const file = inner(part, 'fileData', param)
  if (file !== undefined) return readFileData(file, `${param}.fileData`)
  const call = inner(part, 'functionCall', param)
  if (call !== undefined) return readCall(call, `${param}.functionCall`, calls)
  const response = inner(part, 'functionResponse', param)
  if (response !== undefined) return readResponse(response, `${param}.functionResponse`, calls)
  const hasMore = Object.entries(part).some(([key, value]) => !beside.has(key) && value !== null)
  return hasMore ? { type: 'foreign', dialect: 'gemini', value: part } : undefined
}

function inner(part: JsonObject, name: string, param: string): JsonObject | undefined {
  const value = pick(part, name)
  if (value !== undefined && !isJsonObject(value)) throw invalid(`${param}.${name}`, 'an object')
  return value
}

function readCall(call: JsonObject, param: string, calls: CallLedger): ToolCallPart {
  const name = requiredName(call, param)
  const args = pick(call, 'args')
  if (args !== undefined && !isJsonObject(args)) throw invalid(`${param}.args`, 'an object')
  const id = calls.addCall(readId(call, param), name)
  return { type: 'tool-call', id, name, kind: 'function', arguments: JSON.stringify(args ?? {}) }
}

function readResponse(response: JsonObject, param: string, calls: CallLedger): ToolResultPart {
  const name = requiredName(response, param)
  const value = pick(response, 'response')
  const { text, isError } = readResult(value)
  const texts: TextPart[] = text === '' ? [] : [{ type: 'text', text }]
  return {
    type: 'tool-result',
    callId: calls.answer(readId(response, param), name),
    content: [...texts, ...readResponseMedia(response, param)],
    isError,
    kind: 'function',
  }
}

/** `{output}` and `{error}` are this dialect's wrappers of a text; any other object is the result itself. */
function readResult(value: JsonValue | undefined): { text: string; isError: boolean } {
  if (!isJsonObject(value))
    return {
      text: typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value),
      isError: false,
    }
  const keys = Object.keys(value)
  const [key] = keys
  const content = key === undefined ? undefined : value[key]
  const isError = key === 'error' && keys.length === 1
  if (keys.length === 1 && typeof content === 'string' && (key === 'output' || key === 'error')) {
    return { text: content, isError }
  }
  return { text: JSON.stringify(value), isError }
}

function readResponseMedia(response: JsonObject, param: string): MediaPart[] {
  return objectList(pick(response, 'parts'), `${param}.parts`).flatMap((part, index) => {
    const place = `${param}.parts[${index}]`
    const inline = inner(part, 'inlineData', place)
    if (inline !== undefined) return [readInlineData(inline, `${place}.inlineData`)]
    const file = inner(part, 'fileData', place)
    return file === undefined ? [] : [readFileData(file, `${place}.fileData`)]
  })
}

function readId(object: JsonObject, param: string): string | undefined {
  const id = optionalText(object, 'id', `${param}.`)
  return id === '' ? undefined : id
}

function requiredName(object: JsonObject, param: string): string {
  const name = optionalText(object, 'name', `${param}.`)
  if (name !== undefined && name !== '') return name
  throw new GatewayError('missing_field', `The field "${param}.name" is missing; a function's name is wanted.`, {
    param: `${param}.name`,
  })
}
