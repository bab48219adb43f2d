import type { AnswerPart } from '../../model/answer-parts.ts'
import type { OutputFormat } from '../../model/model-request.ts'

/** Where an answer broke off, as far as another model can go on from there. */
export interface ResumePoint {
  /** All text that the client has. */
  readonly text: string
  /** The text that was open; undefined where nothing was. */
  readonly openIndex: number | undefined
  /** No part so far has this index or a higher one. */
  readonly nextIndex: number
}

/**
 * Reads what the client has of an answer. Undefined where nobody can go on: within or after a tool call, which must not be
 * stitched, within reasoning or a refusal, and after the finish. Pure.
 */
export function resumePoint(parts: readonly AnswerPart[]): ResumePoint | undefined {
  let text = ''
  let nextIndex = 0
  let isOpen = false
  let last: { readonly index: number; readonly type: string } | undefined
  for (const part of parts) {
    if (part.type === 'finish' || part.type === 'error') return undefined
    if (part.type === 'part-start') {
      if (part.part.type === 'tool-call' || part.part.type === 'refusal') return undefined
      last = { index: part.index, type: part.part.type }
      nextIndex = Math.max(nextIndex, part.index + 1)
      isOpen = true
    } else if (part.type === 'part-end' && part.index === last?.index) isOpen = false
    else if (part.type === 'part-delta' && part.index === last?.index && last.type === 'text') text += part.text
  }
  if (last !== undefined && last.type !== 'text') return undefined
  return { text, openIndex: isOpen ? last?.index : undefined, nextIndex }
}

/** JSON is as little to be stitched as a tool call. Pure. */
export function isStitchable(format: OutputFormat | undefined, count: number | undefined): boolean {
  return (format === undefined || format.type === 'text') && (count ?? 1) === 1
}
