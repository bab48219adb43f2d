import type { AnswerPart, FinishReason, OpenedPart } from './answer-parts.ts'
import type { GatewayError } from './errors.ts'
import type { OpaqueState } from './parts.ts'
import type { TextNotes } from './text-notes.ts'
import type { Usage } from './usage.ts'

/** One part of a complete answer: what was opened, with all its text. */
export interface CompletePart {
  readonly part: OpenedPart
  readonly text: string
  readonly opaque: readonly OpaqueState[]
  readonly notes?: TextNotes
}

type GrowingPart = { -readonly [Key in keyof CompletePart]: CompletePart[Key] }

/** A complete answer in no dialect. */
export interface ModelAnswer {
  readonly id: string | undefined
  readonly model: string | undefined
  readonly parts: readonly CompletePart[]
  readonly finish: FinishReason
  readonly rawFinish: string | null
  readonly stopSequence: string | undefined
  readonly usage: Usage | null
}

/**
 * Gathers a list of answer parts into a whole, in the order in which parts were opened.
 * @throws the GatewayError of an error part
 */
export function gatherAnswer(list: readonly AnswerPart[]): ModelAnswer {
  const parts = new Map<number, GrowingPart>()
  let start: { id: string | undefined; model: string | undefined } = { id: undefined, model: undefined }
  let usage: Usage | null = null
  let finish: Extract<AnswerPart, { type: 'finish' }> | undefined
  for (const entry of list) {
    if (entry.type === 'start') start = entry
    else if (entry.type === 'part-start') parts.set(entry.index, { part: entry.part, text: '', opaque: [] })
    else if (entry.type === 'part-delta') appendText(parts.get(entry.index), entry.text)
    else if (entry.type === 'part-end') closePart(parts.get(entry.index), entry)
    else if (entry.type === 'usage') usage = entry.usage
    else if (entry.type === 'finish') finish = entry
    else if (entry.type === 'error') throw entry.error satisfies GatewayError
  }
  return {
    id: start.id,
    model: start.model,
    parts: [...parts.values()],
    finish: finish?.reason ?? 'stop',
    rawFinish: finish?.raw ?? null,
    stopSequence: finish?.stopSequence,
    usage,
  }
}

function appendText(part: { text: string } | undefined, text: string): void {
  if (part !== undefined) part.text += text
}

function closePart(
  part: GrowingPart | undefined,
  { opaque = [], notes }: Extract<AnswerPart, { type: 'part-end' }>,
): void {
  if (part === undefined) return
  part.opaque = opaque
  if (notes !== undefined) part.notes = notes
}
