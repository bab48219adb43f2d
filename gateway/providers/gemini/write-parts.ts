import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueState, Part, ToolCallPart, ToolResultPart } from '../../model/parts.ts'
import { type CallContext, unsupported } from './call-context.ts'
import { writeMedia } from './write-media.ts'

/** The kind of the state that Gemini gives with its parts. */
export const signatureKind = 'thought_signature'

/**
 * Documented for history that another model made, where a signature is demanded
 * (ai.google.dev/gemini-api/docs/thought-signatures).
 */
export const placeholderSignature = 'skip_thought_signature_validator'

/** The parts of one model turn. Reasoning text stays behind; its signature goes to the part that follows. */
export function writeModelParts(parts: readonly Part[], context: CallContext): JsonObject[] {
  const written: JsonObject[] = []
  let carried: string | undefined
  for (const part of parts) {
    if (part.type === 'reasoning') {
      carried = signatureOf(part.opaque, context) ?? carried
      continue
    }
    const made = writeModelPart(part, context)
    if (made === undefined) continue
    const own = part.type === 'text' || part.type === 'tool-call' ? signatureOf(part.opaque, context) : undefined
    const signature = own ?? carried
    carried = undefined
    written.push(signature === undefined ? made : { ...made, thoughtSignature: signature })
  }
  // State that stood behind the last text belongs to it; calls have their own.
  const last = written.at(-1)
  if (carried !== undefined && last?.text !== undefined) last.thoughtSignature ??= carried
  const first = written.findIndex((part) => part.functionCall !== undefined)
  const call = written[first]
  // Only the first of parallel calls carries a signature, so the others are right without one.
  if (context.traits.wantsSignatures && call !== undefined && call.thoughtSignature === undefined) {
    written[first] = { ...call, thoughtSignature: placeholderSignature }
  }
  return written
}

function writeModelPart(part: Exclude<Part, { type: 'reasoning' }>, context: CallContext): JsonObject | undefined {
  switch (part.type) {
    case 'text': {
      noteCacheMark(part.cacheMark, context)
      const isSigned = signatureOf(part.opaque, context) !== undefined
      return part.text === '' && !isSigned ? undefined : { text: part.text }
    }
    case 'refusal':
      return part.text === '' ? undefined : { text: part.text }
    case 'tool-call':
      noteCacheMark(part.cacheMark, context)
      return { functionCall: writeCall(part, context) }
    case 'media':
      return writeMedia(part, context)
    case 'foreign':
      return writeForeign(part.dialect, part.value, context)
    case 'tool-result':
      throw unsupported(context, 'tool_result', 'a tool result stands in an assistant turn.')
  }
}

/** A part of a user turn that is no tool result. */
export function writeUserPart(part: Part, context: CallContext): JsonObject | undefined {
  if (part.type === 'media') {
    noteCacheMark(part.cacheMark, context)
    return writeMedia(part, context)
  }
  if (part.type === 'foreign') return writeForeign(part.dialect, part.value, context)
  if (part.type !== 'text') return undefined
  noteCacheMark(part.cacheMark, context)
  return part.text === '' ? undefined : { text: part.text }
}

/** The answer to one call. Its texts are joined; failures are told from results by the key. */
export function writeResponse(
  result: ToolResultPart,
  call: ToolCallPart,
  context: CallContext,
): { readonly part: JsonObject; readonly besides: readonly JsonObject[] } {
  noteCacheMark(result.cacheMark, context)
  const text = result.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
  const media = result.content.flatMap((part) => (part.type === 'media' ? [writeMedia(part, context)] : []))
  const name = context.names.toWire(call)
  const response: JsonObject = { [result.isError ? 'error' : 'output']: text }
  const answer: JsonObject = { id: call.id, name, response }
  if (media.length === 0) return { part: { functionResponse: answer }, besides: [] }
  const inline = media.filter((part) => part.inlineData !== undefined)
  if (context.traits.mediaInResponses && inline.length === media.length) {
    return { part: { functionResponse: { ...answer, parts: inline } }, besides: [] }
  }
  // Beside the responses of older models media would break their count, so they follow in a turn of their own.
  const note = `[content of the result of ${name}, call ${call.id}]`
  return { part: { functionResponse: answer }, besides: [{ text: note }, ...media] }
}

function writeCall(call: ToolCallPart, context: CallContext): JsonObject {
  return { id: call.id, name: context.names.toWire(call), args: writeArguments(call, context) }
}

function writeArguments(call: ToolCallPart, context: CallContext): JsonObject {
  if (call.kind === 'custom') return { input: call.arguments }
  if (call.arguments.trim() === '') return {}
  const value = parsed(call.arguments)
  if (isJsonObject(value)) return value
  if (value === null) return {}
  context.warn(`the arguments of a call of ${call.name} are no JSON object and were wrapped`)
  return { _raw: call.arguments }
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function writeForeign(dialect: string, value: JsonObject, context: CallContext): JsonObject {
  if (dialect === 'gemini') return value
  const kind = typeof value.type === 'string' ? value.type : 'part'
  throw unsupported(context, kind, `a part that only the ${dialect} dialect knows.`)
}

function noteCacheMark(mark: unknown, context: CallContext): void {
  if (mark !== undefined) context.warn('dropped cache marks: Gemini caches by itself')
}

/** The signature of this very upstream among the states, if any. */
function signatureOf(states: readonly OpaqueState[] | undefined, context: CallContext): string | undefined {
  const own = states?.find((state) => state.scope === context.scope && state.kind === signatureKind)
  return typeof own?.data === 'string' ? own.data : undefined
}
