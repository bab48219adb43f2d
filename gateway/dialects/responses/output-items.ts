import type { OpenedPart } from '../../model/answer-parts.ts'
import type { JsonObject } from '../../model/json.ts'
import { citationMembers, type TextNotes, type UrlCitation } from '../../model/text-notes.ts'

export type EventList = readonly JsonObject[]

/** How one kind of part is written: the item that opens, its deltas, and the item with everything in it. */
export interface ItemForm {
  readonly idPrefix: string
  /** The item as it is added, empty. */
  added(id: string): JsonObject
  /** Events that open the text inside the item. */
  open(place: Place): EventList
  delta(place: Place, text: string): JsonObject
  /** Events that close the text; `text` is all of it. */
  close(place: Place, text: string, notes: TextNotes): EventList
  done(id: string, text: string, status: ItemStatus, notes: TextNotes): JsonObject
}

/** `incomplete`: the answer broke off inside this item. */
export type ItemStatus = 'completed' | 'incomplete'

export interface Place {
  readonly item_id: string
  readonly output_index: number
}

export function itemForm(part: OpenedPart): ItemForm {
  switch (part.type) {
    case 'text':
      return textForm
    case 'refusal':
      return refusalForm
    case 'reasoning':
      return reasoningForm
    case 'tool-call':
      return part.kind === 'custom' ? callForm(part, 'ctc', customWords) : callForm(part, 'fc', functionWords)
  }
}

function message(id: string, status: string, content: JsonObject[]): JsonObject {
  return { id, type: 'message', status, role: 'assistant', content }
}

function inContent(place: Place): JsonObject {
  return { ...place, content_index: 0 }
}

function textContent(text: string, { citations = [], logprobs = [] }: TextNotes): JsonObject {
  return { type: 'output_text', annotations: citations.map(annotation), logprobs: [...logprobs], text }
}

function annotation(citation: UrlCitation): JsonObject {
  return { type: 'url_citation', ...citationMembers(citation) }
}

const textForm: ItemForm = {
  idPrefix: 'msg',
  added: (id) => message(id, 'in_progress', []),
  open: (place) => [{ type: 'response.content_part.added', ...inContent(place), part: textContent('', {}) }],
  delta: (place, text) => ({ type: 'response.output_text.delta', ...inContent(place), delta: text, logprobs: [] }),
  close: (place, text, notes) => [
    ...(notes.citations ?? []).map((citation, annotation_index) => ({
      type: 'response.output_text.annotation.added',
      ...inContent(place),
      annotation_index,
      annotation: annotation(citation),
    })),
    { type: 'response.output_text.done', ...inContent(place), text, logprobs: [...(notes.logprobs ?? [])] },
    { type: 'response.content_part.done', ...inContent(place), part: textContent(text, notes) },
  ],
  done: (id, text, status, notes) => message(id, status, [textContent(text, notes)]),
}

const refusalForm: ItemForm = {
  idPrefix: 'msg',
  added: (id) => message(id, 'in_progress', []),
  open: (place) => [{ type: 'response.content_part.added', ...inContent(place), part: refusalContent('') }],
  delta: (place, text) => ({ type: 'response.refusal.delta', ...inContent(place), delta: text }),
  close: (place, text) => [
    { type: 'response.refusal.done', ...inContent(place), refusal: text },
    { type: 'response.content_part.done', ...inContent(place), part: refusalContent(text) },
  ],
  done: (id, text, status) => message(id, status, [refusalContent(text)]),
}

function refusalContent(refusal: string): JsonObject {
  return { type: 'refusal', refusal }
}

const reasoningForm: ItemForm = {
  idPrefix: 'rs',
  added: (id) => ({ id, type: 'reasoning', summary: [] }),
  open: (place) => [
    {
      type: 'response.reasoning_summary_part.added',
      ...place,
      summary_index: 0,
      part: { type: 'summary_text', text: '' },
    },
  ],
  delta: (place, text) => ({ type: 'response.reasoning_summary_text.delta', ...place, summary_index: 0, delta: text }),
  close: (place, text) => [
    { type: 'response.reasoning_summary_text.done', ...place, summary_index: 0, text },
    { type: 'response.reasoning_summary_part.done', ...place, summary_index: 0, part: { type: 'summary_text', text } },
  ],
  done: (id, text) => ({ id, type: 'reasoning', summary: text === '' ? [] : [{ type: 'summary_text', text }] }),
}

interface CallWords {
  readonly item: string
  readonly field: string
  readonly event: string
}

const functionWords: CallWords = { item: 'function_call', field: 'arguments', event: 'function_call_arguments' }
const customWords: CallWords = { item: 'custom_tool_call', field: 'input', event: 'custom_tool_call_input' }

function callForm(part: Extract<OpenedPart, { type: 'tool-call' }>, idPrefix: string, words: CallWords): ItemForm {
  const namespace = part.namespace === undefined ? {} : { namespace: part.namespace }
  const item = (id: string, status: string, text: string): JsonObject => ({
    id,
    type: words.item,
    status,
    call_id: part.id,
    name: part.name,
    ...namespace,
    [words.field]: text,
  })
  return {
    idPrefix,
    added: (id) => item(id, 'in_progress', ''),
    open: () => [],
    delta: (place, text) => ({ type: `response.${words.event}.delta`, ...place, delta: text }),
    close: (place, text) => [{ type: `response.${words.event}.done`, ...place, name: part.name, [words.field]: text }],
    done: (id, text, status) => item(id, status, text),
  }
}
