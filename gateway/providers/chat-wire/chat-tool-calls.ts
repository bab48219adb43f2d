import { randomUUID } from 'node:crypto'
import type { AnswerPart } from '../../model/answer-parts.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueScope, OpaqueState } from '../../model/parts.ts'
import { clientToolId, mapToolId } from '../../model/tool-ids.ts'
import { ArgumentText } from './argument-text.ts'
import { stringOf } from './chat-reasoning.ts'

export interface ToolCallReading {
  readonly names: FlatToolNames
  readonly scope: OpaqueScope
  /** Names (as the wire has them) of freeform tools that were offered as functions, and how their input is unwrapped. */
  isWrapped(wireName: string): boolean
  unwrap(written: string): string
}

interface OpenCall {
  readonly upstreamId: string
  readonly index: number | undefined
  readonly kind: 'function' | 'custom'
  name: string
  arguments: ArgumentText
  /** Position of its part; undefined until the name is known. */
  part: number | undefined
  /** Argument text that has not been given on. */
  held: string
  streams: boolean
  /** True once an object with something in it was seen: from there on every fragment is given on at once. */
  begun: boolean
  opaque: OpaqueState[]
}

/** The tool calls of one answer, however an upstream numbers, names and cuts them. */
export class ChatToolCalls {
  readonly #reading: ToolCallReading
  readonly #nextPart: () => number
  readonly #calls: OpenCall[] = []
  readonly #takenIds = new Set<string>()
  #current: OpenCall | undefined

  constructor(reading: ToolCallReading, nextPart: () => number) {
    this.#reading = reading
    this.#nextPart = nextPart
  }

  /** How many calls have a name. */
  get count(): number {
    return this.#calls.filter((call) => call.part !== undefined).length
  }

  /** True while the arguments of a call have begun and are not whole. */
  get incomplete(): boolean {
    return this.#calls.some((call) => call.arguments.isObject && !call.arguments.complete)
  }

  /** Takes the calls of one delta, or of a `whole` message in which each entry is a call of its own. */
  read(message: JsonObject, whole: boolean): AnswerPart[] {
    const entries = Array.isArray(message.tool_calls) ? message.tool_calls.filter((entry) => isJsonObject(entry)) : []
    const parts = entries.flatMap((entry, position) =>
      this.#readEntry(whole ? { ...entry, index: position } : entry, whole),
    )
    if (isJsonObject(message.function_call)) parts.push(...this.#readEntry({ function: message.function_call }, false))
    return parts
  }

  /** Ends all calls. A `truncated` answer keeps its arguments as they are. */
  close(truncated: boolean): AnswerPart[] {
    return this.#calls.flatMap((call) => this.#closeCall(call, truncated))
  }

  #readEntry(entry: JsonObject, whole: boolean): AnswerPart[] {
    const body = isJsonObject(entry.custom) ? entry.custom : isJsonObject(entry.function) ? entry.function : entry
    const kind = isJsonObject(entry.custom) || entry.type === 'custom' ? 'custom' : 'function'
    const id = idOf(entry.id)
    const index = indexOf(entry.index)
    const name = stringOf(body.name)
    const known = whole ? undefined : this.#find(id, index, name)
    const call = known ?? this.#add(id, index, kind)
    if (call.name === '') call.name = name
    this.#current = call
    this.#keepSignature(call, entry)
    return [...this.#open(call), ...this.#append(call, fragmentOf(kind === 'custom' ? body.input : body.arguments))]
  }

  /** The call that an entry goes on with; undefined when it begins one. */
  #find(id: string, index: number | undefined, name: string): OpenCall | undefined {
    if (id !== '') {
      const same = this.#calls.findLast((call) => call.upstreamId === id)
      if (same !== undefined) return same
      // An id that comes late belongs to the call that has none yet.
      const open = index === undefined ? this.#current : this.#calls.findLast((call) => call.index === index)
      return open?.upstreamId === '' && (name === '' || open.name === '') ? open : undefined
    }
    const open = index === undefined ? this.#current : this.#calls.findLast((call) => call.index === index)
    if (open === undefined) return undefined
    const isNew = name !== '' && open.name !== '' && (open.arguments.complete || name !== open.name)
    return isNew ? undefined : open
  }

  #add(upstreamId: string, index: number | undefined, kind: OpenCall['kind']): OpenCall {
    const call: OpenCall = {
      upstreamId,
      index,
      kind,
      name: '',
      arguments: new ArgumentText(),
      part: undefined,
      held: '',
      streams: false,
      begun: false,
      opaque: [],
    }
    this.#calls.push(call)
    return call
  }

  #keepSignature(call: OpenCall, entry: JsonObject): void {
    const extra = isJsonObject(entry.extra_content) ? entry.extra_content.google : undefined
    const signature = isJsonObject(extra) ? extra.thought_signature : undefined
    if (signature === undefined || signature === null || call.opaque.length > 0) return
    call.opaque.push({ scope: this.#reading.scope, kind: 'thought_signature', data: signature })
  }

  #open(call: OpenCall): AnswerPart[] {
    if (call.part !== undefined || call.name === '') return []
    call.part = this.#nextPart()
    const wrapped = this.#reading.isWrapped(call.name)
    call.streams = !wrapped
    const id = mapToolId(
      call.upstreamId === '' ? `call_${randomUUID()}` : call.upstreamId,
      clientToolId,
      this.#takenIds,
    )
    this.#takenIds.add(id)
    const kind = wrapped ? 'custom' : call.kind
    const { name, namespace } = this.#reading.names.restore(call.name)
    const opened = { type: 'tool-call' as const, id, name, kind }
    return [{ type: 'part-start', index: call.part, part: namespace === undefined ? opened : { ...opened, namespace } }]
  }

  #append(call: OpenCall, fragment: string): AnswerPart[] {
    if (fragment === '') return []
    if (call.kind === 'custom') return this.#emit(call, fragment)
    const { own, next } = call.arguments.feed(fragment)
    const parts = this.#emit(call, own)
    return next === '' ? parts : [...parts, ...this.#behind(call, next)]
  }

  /** Text behind a complete object: the real one after an empty one, the same again, or another call's. */
  #behind(call: OpenCall, next: string): AnswerPart[] {
    if (isEmptyObject(call.arguments.text)) {
      call.arguments = new ArgumentText()
      call.held = ''
      return this.#append(call, next)
    }
    if (next === call.arguments.text.trim() || !next.startsWith('{')) return []
    const another = this.#add('', undefined, 'function')
    another.name = call.name
    this.#current = another
    return [...this.#open(another), ...this.#append(another, next)]
  }

  /** Gives argument text on; holds it while it may turn out to be an empty object or no object at all. */
  #emit(call: OpenCall, text: string): AnswerPart[] {
    call.held += text
    if (!call.streams || call.part === undefined || call.held === '') return []
    call.begun ||= call.kind === 'custom' || beginsMembers.test(call.held)
    if (!call.begun) return []
    return this.#release(call)
  }

  #release(call: OpenCall): AnswerPart[] {
    const text = call.held
    call.held = ''
    return text === '' || call.part === undefined ? [] : [{ type: 'part-delta', index: call.part, text }]
  }

  #closeCall(call: OpenCall, truncated: boolean): AnswerPart[] {
    if (call.part === undefined) return []
    if (!call.streams) call.held = truncated && call.held === '' ? '' : this.#reading.unwrap(call.held)
    else if (!call.begun && !truncated && call.kind === 'function') {
      call.held = wholeArguments(call.held)
    }
    const end: AnswerPart = { type: 'part-end', index: call.part }
    return [...this.#release(call), call.opaque.length === 0 ? end : { ...end, opaque: call.opaque }]
  }
}

/** An object with something in it. */
const beginsMembers = /^\s*\{\s*[^\s}]/

/** Arguments that never looked like an object: nothing and `null` mean none, a JSON text may hold the object. */
function wholeArguments(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === 'null' || trimmed === '""') return '{}'
  if (!trimmed.startsWith('"')) return text
  try {
    const inner: unknown = JSON.parse(trimmed)
    return typeof inner === 'string' && inner.trimStart().startsWith('{') ? inner : text
  } catch {
    return text
  }
}

function isEmptyObject(text: string): boolean {
  return /^\s*\{\s*\}\s*$/.test(text)
}

function fragmentOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  // Ollama and its kin send the arguments as an object.
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

function idOf(value: JsonValue | undefined): string {
  return typeof value === 'number' ? String(value) : stringOf(value)
}

function indexOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}
