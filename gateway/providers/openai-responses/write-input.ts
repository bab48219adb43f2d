import type { FlatToolNames } from '../../model/flatten-tools.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { MediaPart, OpaqueState, Part, TextPart, ToolCallPart, ToolResultPart, Turn } from '../../model/parts.ts'
import type { ModelCall } from '../provider.ts'
import { CallIds } from './call-ids.ts'
import { modelRules, type ModelRules } from './model-rules.ts'
import { unsupported } from './refuse.ts'
import { reasoningItem } from './reasoning-state.ts'
import type { Warnings } from './warnings.ts'
import { writeMedia } from './write-media.ts'

/**
 * The turns of a request as input items. System turns keep their place; every call has exactly one result; reasoning goes
 * out only with state of this call's scope and only where the item it belongs to follows.
 */
export function writeInput(call: ModelCall, names: FlatToolNames, warnings: Warnings): JsonObject[] {
  return new InputWriter(call, names, warnings).write()
}

class InputWriter {
  readonly #call: ModelCall
  readonly #names: FlatToolNames
  readonly #warnings: Warnings
  readonly #rules: ModelRules
  readonly #ids = new CallIds()
  readonly #items: JsonObject[] = []
  readonly #sentReasoning = new Set<string>()
  /** Reasoning that waits for the item it belongs to. */
  #waiting: JsonObject[] = []

  constructor(call: ModelCall, names: FlatToolNames, warnings: Warnings) {
    this.#call = call
    this.#names = names
    this.#warnings = warnings
    this.#rules = modelRules(call.deployment.upstreamModel)
  }

  write(): JsonObject[] {
    const { turns } = this.#call.request
    for (const turn of turns) {
      if (turn.role === 'assistant') this.#writeAssistant(turn)
      else this.#writeOthers(turn)
    }
    this.#waiting = []
    if (endsWithAssistantText(turns)) {
      this.#warnings.add('the last assistant message is history here, not a beginning to continue')
    }
    return this.#answerAllCalls()
  }

  #writeOthers(turn: Turn): void {
    // State without an item of its own after it is refused upstream.
    this.#waiting = []
    const content: JsonObject[] = []
    for (const part of turn.parts) {
      if (part.type === 'tool-result') this.#writeResult(part)
      else content.push(...this.#content(part, turn.role))
    }
    if (content.length > 0) this.#items.push({ type: 'message', role: this.#roleOf(turn.role), content })
  }

  #roleOf(role: Turn['role']): string {
    if (role !== 'system') return role
    return this.#rules.reasons === true ? 'developer' : 'system'
  }

  /** A part of a user or system turn; parts that can only be the model's are left out of them. */
  #content(part: Part, role: Turn['role']): JsonObject[] {
    switch (part.type) {
      case 'text':
        return part.text === '' ? [] : [this.#marked({ type: 'input_text', text: part.text }, part)]
      case 'media':
        return [this.#marked(writeMedia(this.#call.deployment.provider, part, this.#warnings), part)]
      case 'refusal':
        return [{ type: 'input_text', text: part.text }]
      case 'foreign':
        if (part.dialect === 'responses') this.#items.push(part.value)
        else
          throw unsupported(
            this.#call.deployment.provider,
            foreignName(part.value),
            `it belongs to the ${part.dialect} API.`,
          )
        return []
      default:
        this.#warnings.add(`dropped ${part.type} in a ${role} message`)
        return []
    }
  }

  #marked(content: JsonObject, part: TextPart | MediaPart): JsonObject {
    if (part.cacheMark === undefined) return content
    if (this.#rules.cacheMarks) return { ...content, prompt_cache_breakpoint: { mode: 'explicit' } }
    this.#warnings.add('dropped cache marks: the model caches by itself')
    return content
  }

  #writeAssistant(turn: Turn): void {
    let content: JsonObject[] = []
    const flush = (): void => {
      if (content.length > 0) this.#push({ type: 'message', role: 'assistant', content })
      content = []
    }
    for (const part of turn.parts) {
      if (part.type === 'text') {
        this.#keepState(part.opaque, '', flush)
        if (part.text !== '') content.push({ type: 'output_text', text: part.text })
      } else if (part.type === 'refusal') content.push({ type: 'refusal', refusal: part.text })
      else if (part.type === 'reasoning') this.#keepState(part.opaque, part.text, flush)
      else if (part.type === 'tool-call') {
        this.#keepState(part.opaque, '', flush)
        flush()
        this.#push(this.#writeCall(part))
      } else if (part.type === 'foreign' && part.dialect === 'responses') {
        flush()
        this.#push(part.value)
      } else this.#warnings.add(`dropped ${part.type === 'foreign' ? foreignName(part.value) : part.type} in an answer`)
    }
    flush()
  }

  #keepState(states: readonly OpaqueState[] | undefined, text: string, flush: () => void): void {
    for (const item of reasoningItem(states ?? [], this.#call.scope, text)) {
      const key = JSON.stringify(item.encrypted_content)
      if (this.#sentReasoning.has(key)) continue
      this.#sentReasoning.add(key)
      flush()
      this.#waiting.push(item)
    }
  }

  #push(item: JsonObject): void {
    this.#items.push(...this.#waiting, item)
    this.#waiting = []
  }

  #writeCall(part: ToolCallPart): JsonObject {
    const name = this.#names.flat(part)
    const call_id = this.#ids.call(part.id)
    if (part.kind === 'custom') return { type: 'custom_tool_call', call_id, name, input: part.arguments }
    return { type: 'function_call', call_id, name, arguments: part.arguments === '' ? '{}' : part.arguments }
  }

  #writeResult(part: ToolResultPart): void {
    const call_id = this.#ids.result(part.callId)
    if (call_id === undefined) {
      this.#warnings.add('dropped a tool result that answers no call')
      return
    }
    if (part.isError) this.#warnings.add('the error flag of a tool result is sent as text')
    const type = part.kind === 'custom' ? 'custom_tool_call_output' : 'function_call_output'
    this.#items.push({ type, call_id, output: this.#output(part) })
  }

  #output(part: ToolResultPart): string | JsonObject[] {
    const error = part.isError ? 'Error: ' : ''
    if (part.content.every((entry) => entry.type === 'text')) {
      const text = part.content.map((entry) => (entry.type === 'text' ? entry.text : '')).join('\n')
      return text.startsWith(error) ? text : error + text
    }
    const content = part.content.flatMap((entry) => this.#content(entry, 'user'))
    return part.isError ? [{ type: 'input_text', text: 'Error:' }, ...content] : content
  }

  /** A call without a result is refused upstream: it gets one that says so, straight after it. */
  #answerAllCalls(): JsonObject[] {
    const unanswered = this.#ids.unanswered()
    if (unanswered.size > 0) this.#warnings.add('added a result to a tool call that had none')
    return this.#items.flatMap((item) => {
      const type = resultTypes.get(item.type)
      if (type === undefined || typeof item.call_id !== 'string' || !unanswered.has(item.call_id)) return [item]
      return [item, { type, call_id: item.call_id, output: 'No result was recorded.' }]
    })
  }
}

const resultTypes = new Map<JsonValue | undefined, string>([
  ['function_call', 'function_call_output'],
  ['custom_tool_call', 'custom_tool_call_output'],
])

function foreignName(value: JsonObject): string {
  return typeof value.type === 'string' ? value.type : 'a part'
}

function endsWithAssistantText(turns: readonly Turn[]): boolean {
  const last = turns.at(-1)
  return last?.role === 'assistant' && last.parts.at(-1)?.type === 'text'
}
