import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Part, ReasoningPart, ToolCallPart, ToolResultPart, Turn } from '../../model/parts.ts'
import { requireList } from '../control-fields.ts'
import { detailsText, readCallExtra, readDetails } from './carried-state.ts'
import { invalidField, isAbsent, missingField, objectList } from './field-reader.ts'
import { readCacheMark, readContent, readResultContent } from './read-content.ts'

/** The `messages` of a chat completion as turns; tool messages in a row become one user turn of results. */
export function readMessages(body: JsonObject): Turn[] {
  const reader = new MessageReader()
  const messages = requireList(body, 'messages')
  for (const [position, message] of messages.entries()) {
    const path = `messages[${position}]`
    if (!isJsonObject(message)) throw invalidField(path, 'an object with "role" and "content"')
    reader.read(message, path)
  }
  return reader.turns
}

class MessageReader {
  readonly turns: Turn[] = []
  /** Kinds and names of the calls so far, by id. */
  readonly #calls = new Map<string, ToolCallPart>()
  #results: ToolResultPart[] | undefined
  #legacyCalls = 0

  read(message: JsonObject, path: string): void {
    const { role } = message
    if (role === 'tool' || role === 'function') {
      this.#addResult(role === 'tool' ? this.#readTool(message, path) : this.#readFunction(message, path))
      return
    }
    this.#results = undefined
    if (role === 'system' || role === 'developer') this.#add('system', readContent(message.content, `${path}.content`))
    else if (role === 'user') this.#add('user', readContent(message.content, `${path}.content`))
    else if (role === 'assistant') this.#add('assistant', this.#readAssistant(message, path))
    else if (role === undefined) throw missingField(`${path}.role`, 'system, developer, user, assistant or tool')
    else throw invalidField(`${path}.role`, 'system, developer, user, assistant or tool')
  }

  #add(role: Turn['role'], parts: readonly Part[]): void {
    this.turns.push({ role, parts })
  }

  #addResult(result: ToolResultPart): void {
    if (this.#results === undefined) {
      this.#results = []
      this.turns.push({ role: 'user', parts: this.#results })
    }
    this.#results.push(result)
  }

  #readTool(message: JsonObject, path: string): ToolResultPart {
    const callId = message.tool_call_id
    if (isAbsent(callId)) throw missingField(`${path}.tool_call_id`, 'the id of the call that it answers')
    if (typeof callId !== 'string' || callId === '') throw invalidField(`${path}.tool_call_id`, 'a text')
    const kind = this.#calls.get(callId)?.kind ?? 'function'
    const content = readResultContent(message.content, `${path}.content`)
    const mark = readCacheMark(message)
    const result: ToolResultPart = { type: 'tool-result', callId, content, isError: false, kind }
    return mark === undefined ? result : { ...result, cacheMark: mark }
  }

  /** The deprecated form has names in place of ids: the last call of that name is meant. */
  #readFunction(message: JsonObject, path: string): ToolResultPart {
    const { name } = message
    if (typeof name !== 'string' || name === '') throw missingField(`${path}.name`, 'the name of the function')
    const call = [...this.#calls.values()].findLast((known) => known.name === name)
    const content = readResultContent(message.content, `${path}.content`)
    return { type: 'tool-result', callId: call?.id ?? `call_of_${name}`, content, isError: false, kind: 'function' }
  }

  #readAssistant(message: JsonObject, path: string): Part[] {
    const content = readContent(message.content, `${path}.content`)
    if (typeof message.refusal === 'string' && message.refusal !== '') {
      content.push({ type: 'refusal', text: message.refusal })
    }
    const entries = objectList(message.tool_calls, `${path}.tool_calls`)
    const extras = entries.map((entry) => readCallExtra(entry))
    const calls = entries.map((entry, position) =>
      readCall(entry, extras[position]?.own ?? [], `${path}.tool_calls[${position}]`),
    )
    if (isJsonObject(message.function_call)) calls.push(this.#legacyCall(message.function_call, path))
    for (const call of calls) this.#calls.set(call.id, call)
    const sealed = extras.flatMap((extra) => extra.reasoning)
    if (isJsonObject(message.audio)) {
      content.push({ type: 'foreign', dialect: 'chat-completions', value: { type: 'audio', audio: message.audio } })
    }
    return [...readReasoning(message, sealed), ...content, ...calls]
  }

  #legacyCall(call: JsonObject, path: string): ToolCallPart {
    this.#legacyCalls += 1
    return readFunction(call, `call_legacy_${this.#legacyCalls}`, [], `${path}.function_call`)
  }
}

/** Reasoning in every spelling that clients send back; sealed parts hold their own text and win over what is visible. */
function readReasoning(message: JsonObject, sealedInCalls: readonly ReasoningPart[]): ReasoningPart[] {
  const details = readDetails(message.reasoning_details)
  const sealed = details.reasoning.length > 0 ? details.reasoning : sealedInCalls
  if (sealed.length > 0) return [...sealed]
  const fields = [message.reasoning_content, message.reasoning, message.thinking]
  const visible = fields.find((field): field is string => typeof field === 'string' && field !== '')
  const text = visible ?? detailsText(message.reasoning_details)
  return text === '' && details.own.length === 0 ? [] : [{ type: 'reasoning', text, opaque: details.own }]
}

function readCall(entry: JsonObject, opaque: ToolCallPart['opaque'], path: string): ToolCallPart {
  const { id } = entry
  if (typeof id !== 'string' || id === '') throw missingField(`${path}.id`, 'the id of the call')
  if (isJsonObject(entry.custom)) {
    const { name, input } = entry.custom
    if (typeof name !== 'string' || name === '') throw missingField(`${path}.custom.name`, 'a name')
    if (!isAbsent(input) && typeof input !== 'string') throw invalidField(`${path}.custom.input`, 'a text')
    return withState({ type: 'tool-call', id, name, kind: 'custom', arguments: input ?? '' }, opaque)
  }
  if (!isJsonObject(entry.function)) throw missingField(`${path}.function`, 'an object with name and arguments')
  return readFunction(entry.function, id, opaque, `${path}.function`)
}

function readFunction(call: JsonObject, id: string, opaque: ToolCallPart['opaque'], path: string): ToolCallPart {
  const { name } = call
  if (typeof name !== 'string' || name === '') throw missingField(`${path}.name`, 'a name')
  return withState({ type: 'tool-call', id, name, kind: 'function', arguments: argumentText(call.arguments) }, opaque)
}

/** Clients of Ollama and the like send the arguments as an object. */
function argumentText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  return isAbsent(value) ? '' : JSON.stringify(value)
}

function withState(call: ToolCallPart, opaque: ToolCallPart['opaque']): ToolCallPart {
  return opaque === undefined || opaque.length === 0 ? call : { ...call, opaque }
}
