import type { GatewayError } from './errors.ts'
import type { OpaqueState } from './parts.ts'
import type { TextNotes } from './text-notes.ts'
import type { Usage } from './usage.ts'

export const finishReasons = ['stop', 'tools', 'length', 'context_full', 'filtered', 'paused'] as const

export type FinishReason = (typeof finishReasons)[number]

/**
 * An answer as it arrives, in no dialect. Order: start, then parts (part-start, part-delta*, part-end; several may be
 * open at once), usage at any time (the last one counts), then exactly one of finish or error, and nothing after it.
 * A complete answer is the same list in one go.
 */
export type AnswerPart =
  | { readonly type: 'start'; readonly id: string | undefined; readonly model: string | undefined }
  | { readonly type: 'part-start'; readonly index: number; readonly part: OpenedPart }
  /** A piece of text, reasoning, refusal, or of a tool call's arguments. Never empty. */
  | { readonly type: 'part-delta'; readonly index: number; readonly text: string }
  | {
      readonly type: 'part-end'
      readonly index: number
      readonly opaque?: readonly OpaqueState[]
      /** Of a text only. */
      readonly notes?: TextNotes
    }
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'finish'
      readonly reason: FinishReason
      readonly raw: string | null
      readonly stopSequence?: string
    }
  | { readonly type: 'error'; readonly error: GatewayError }
  /** Something that was lost on the way, for the log and (before the head) the warning header. */
  | { readonly type: 'warning'; readonly text: string }

export type OpenedPart =
  | { readonly type: 'text' }
  | { readonly type: 'reasoning' }
  | { readonly type: 'refusal' }
  | {
      readonly type: 'tool-call'
      /** Safe for every client: `[A-Za-z0-9_-]`, at most 40 characters. */
      readonly id: string
      readonly name: string
      readonly namespace?: string
      readonly kind: 'function' | 'custom'
    }
