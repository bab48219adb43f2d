import type { AnswerPart, OpenedPart } from '../../model/answer-parts.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import type { JsonObject } from '../../model/json.ts'
import type { OpaqueScope, OpaqueState } from '../../model/parts.ts'
import { notesOf, readCitations, type TextNotes } from '../../model/text-notes.ts'
import { clientToolId, mapToolId } from '../../model/tool-ids.ts'
import { objectsOf, textOf } from './answer-events.ts'
import { reasoningState } from './reasoning-state.ts'

/** One content of an output item on its way: opened with its first text, so that nothing empty is ever opened. */
interface Channel {
  readonly part: OpenedPart
  index: number | undefined
  sawText: boolean
  ended: boolean
}

interface Item {
  readonly channels: Map<string, Channel>
  done: boolean
}

/**
 * Output items of one answer as parts. Upstreams send them in deltas, only in the `.done` events, only in
 * `output_item.done` or only in the final response: each text is taken once, from whichever comes first.
 */
export class AnswerItems {
  readonly #names: FlatToolNames
  readonly #scope: OpaqueScope
  readonly #items = new Map<string, Item>()
  /** Item ids by place, for events that tell only one of the two. */
  readonly #keys = new Map<string, string>()
  readonly #takenIds = new Set<string>()
  #nextIndex = 0
  sawToolCall = false

  constructor(names: FlatToolNames, scope: OpaqueScope) {
    this.#names = names
    this.#scope = scope
  }

  get sawItems(): boolean {
    return this.#items.size > 0
  }

  take(type: string, event: JsonObject): AnswerPart[] {
    const name = type.slice('response.'.length)
    if (name === 'output_item.added') return this.#added(event)
    if (name === 'output_item.done') return this.#done(event)
    const way = deltaEvents[name]
    if (way === undefined) return []
    const item = this.#item(event)
    const place = way.place === undefined ? 0 : Number(event[way.place] ?? 0)
    const key = `${way.kind}:${place}`
    const text = textOf(event[way.text])
    if (way.kind === 'call') return this.#callText(item, text, way.whole)
    if (way.kind === 'reasoning') return this.#reasoningText(item, `${way.place}:${place}`, text, way.whole)
    return this.#text(this.#channel(item, key, { type: way.kind }), text, way.whole)
  }

  /** The final list of items: whatever was not seen before is taken from it, and everything open is closed. */
  complete(output: readonly JsonObject[]): AnswerPart[] {
    const parts = output.flatMap((item, index) =>
      this.#done(this.#keys.has(textOf(item.id)) ? { item } : { output_index: index, item }),
    )
    for (const item of this.#items.values())
      for (const channel of item.channels.values()) parts.push(...this.#end(channel))
    return parts
  }

  #item(event: JsonObject): Item {
    const key = this.#keyOf(event)
    const known = this.#items.get(key)
    if (known !== undefined) return known
    const made: Item = { channels: new Map(), done: false }
    this.#items.set(key, made)
    return made
  }

  #keyOf(event: JsonObject): string {
    const place = typeof event.output_index === 'number' ? String(event.output_index) : undefined
    const id = textOf(event.item_id)
    const key = place ?? this.#keys.get(id) ?? (id === '' ? '0' : id)
    if (id !== '') this.#keys.set(id, key)
    return key
  }

  #added(event: JsonObject): AnswerPart[] {
    const [written] = objectsOf([event.item ?? null])
    if (written === undefined) return []
    const item = this.#item({ ...event, item_id: written.id ?? null })
    return isCall(written) ? this.#openCall(item, written) : []
  }

  #done(event: JsonObject): AnswerPart[] {
    const [written] = objectsOf([event.item ?? null])
    if (written === undefined) return []
    const item = this.#item({ ...event, item_id: written.id ?? null })
    if (item.done) return []
    item.done = true
    if (written.type === 'message') return this.#wholeMessage(item, written)
    if (written.type === 'reasoning') return this.#wholeReasoning(item, written)
    if (isCall(written)) return this.#wholeCall(item, written)
    return [{ type: 'warning', text: `left out ${textOf(written.type) || 'an unnamed item'} of the answer` }]
  }

  #wholeMessage(item: Item, written: JsonObject): AnswerPart[] {
    return objectsOf(written.content).flatMap((content, place) => {
      const kind = content.type === 'refusal' ? 'refusal' : 'text'
      const text = textOf(kind === 'refusal' ? content.refusal : content.text)
      const channel = this.#channel(item, `${kind}:${place}`, { type: kind })
      const { citations, lost } = readCitations(content.annotations)
      const notes = notesOf(citations, objectsOf(content.logprobs))
      const left: AnswerPart[] = lost ? [{ type: 'warning', text: 'left out citations of files in the answer' }] : []
      return [...this.#text(channel, text, true), ...this.#end(channel, [], notes), ...left]
    })
  }

  #wholeReasoning(item: Item, written: JsonObject): AnswerPart[] {
    const summary = objectsOf(written.summary)
    const field = summary.length > 0 ? 'summary_index' : 'content_index'
    const texts = summary.length > 0 ? summary : objectsOf(written.content)
    const parts = texts.flatMap((entry, place) =>
      this.#reasoningText(item, `${field}:${place}`, textOf(entry.text), true),
    )
    const opaque = reasoningState(written, this.#scope)
    const channel = this.#channel(item, 'reasoning', { type: 'reasoning' })
    // State without text is a part of its own; neither text nor state is none.
    const opened = opaque.length > 0 ? this.#open(channel) : []
    return [...parts, ...opened, ...this.#end(channel, opaque)]
  }

  #wholeCall(item: Item, written: JsonObject): AnswerPart[] {
    const opened = this.#openCall(item, written)
    const text = textOf(written.type === 'custom_tool_call' ? written.input : written.arguments)
    // A call without arguments is one of an empty object.
    const said = text === '' && written.type === 'function_call' ? '{}' : text
    return [...opened, ...this.#callText(item, said, true), ...this.#endAll(item)]
  }

  #openCall(item: Item, written: JsonObject): AnswerPart[] {
    if (item.channels.has('call')) return []
    const id = mapToolId(
      textOf(written.call_id) || textOf(written.id) || `call_${this.#nextIndex}`,
      clientToolId,
      this.#takenIds,
    )
    this.#takenIds.add(id)
    this.sawToolCall = true
    const kind = written.type === 'custom_tool_call' ? 'custom' : 'function'
    const name = { ...this.#names.restore(textOf(written.name)) }
    if (typeof written.namespace === 'string') Object.assign(name, { namespace: written.namespace })
    return this.#open(this.#channel(item, 'call', { type: 'tool-call', id, ...name, kind }))
  }

  /** Arguments before their item is known have nowhere to go yet: they come again with the item. */
  #callText(item: Item, text: string, whole: boolean): AnswerPart[] {
    const channel = item.channels.get('call')
    return channel === undefined ? [] : this.#text(channel, text, whole)
  }

  /** Several summaries are one reasoning with blank lines between them. */
  #reasoningText(item: Item, place: string, text: string, whole: boolean): AnswerPart[] {
    const channel = this.#channel(item, 'reasoning', { type: 'reasoning' })
    const piece = this.#channel(item, `piece of reasoning ${place}`, { type: 'reasoning' })
    if (text === '' || channel.ended || (whole && piece.sawText)) return []
    const isLater = channel.sawText && !piece.sawText
    piece.sawText = true
    // A piece is a mark only: it is never opened, so it has nothing to close.
    piece.ended = true
    return this.#text(channel, isLater ? `\n\n${text}` : text, false)
  }

  #channel(item: Item, key: string, part: OpenedPart): Channel {
    const known = item.channels.get(key)
    if (known !== undefined) return known
    const made: Channel = { part, index: undefined, sawText: false, ended: false }
    item.channels.set(key, made)
    return made
  }

  /** `whole` text counts only where no piece of it came before. */
  #text(channel: Channel, text: string, whole: boolean): AnswerPart[] {
    if (text === '' || channel.ended || (whole && channel.sawText)) return []
    channel.sawText = true
    const opened = this.#open(channel)
    return [...opened, { type: 'part-delta', index: channel.index ?? 0, text }]
  }

  #open(channel: Channel): AnswerPart[] {
    if (channel.index !== undefined) return []
    channel.index = this.#nextIndex
    this.#nextIndex += 1
    return [{ type: 'part-start', index: channel.index, part: channel.part }]
  }

  #end(channel: Channel, opaque: readonly OpaqueState[] = [], notes?: TextNotes): AnswerPart[] {
    if (channel.ended) return []
    channel.ended = true
    if (channel.index === undefined) return []
    const more = { ...(opaque.length === 0 ? {} : { opaque }), ...(notes === undefined ? {} : { notes }) }
    return [{ type: 'part-end', index: channel.index, ...more }]
  }

  #endAll(item: Item): AnswerPart[] {
    return [...item.channels.values()].flatMap((channel) => this.#end(channel))
  }
}

function isCall(item: JsonObject): boolean {
  return item.type === 'function_call' || item.type === 'custom_tool_call'
}

interface TextEvent {
  readonly kind: 'text' | 'refusal' | 'reasoning' | 'call'
  /** The member that holds the text. */
  readonly text: string
  /** The member that tells which text of the item it is. */
  readonly place?: 'content_index' | 'summary_index'
  readonly whole: boolean
}

const deltaEvents: Readonly<Record<string, TextEvent>> = {
  'output_text.delta': { kind: 'text', text: 'delta', place: 'content_index', whole: false },
  'output_text.done': { kind: 'text', text: 'text', place: 'content_index', whole: true },
  'refusal.delta': { kind: 'refusal', text: 'delta', place: 'content_index', whole: false },
  'refusal.done': { kind: 'refusal', text: 'refusal', place: 'content_index', whole: true },
  'reasoning_summary_text.delta': { kind: 'reasoning', text: 'delta', place: 'summary_index', whole: false },
  'reasoning_summary_text.done': { kind: 'reasoning', text: 'text', place: 'summary_index', whole: true },
  'reasoning_text.delta': { kind: 'reasoning', text: 'delta', place: 'content_index', whole: false },
  'reasoning_text.done': { kind: 'reasoning', text: 'text', place: 'content_index', whole: true },
  'function_call_arguments.delta': { kind: 'call', text: 'delta', whole: false },
  'function_call_arguments.done': { kind: 'call', text: 'arguments', whole: true },
  'custom_tool_call_input.delta': { kind: 'call', text: 'delta', whole: false },
  'custom_tool_call_input.done': { kind: 'call', text: 'input', whole: true },
}
