import { createHash } from 'node:crypto'
import type { CompletePart, ModelAnswer } from '../model/answer.ts'
import type { ModelRequest } from '../model/model-request.ts'
import type { OpaqueState, Part, ReasoningPart, Turn } from '../model/parts.ts'

/**
 * Reasoning state for clients that cannot carry it: chat completions has no field for it, and most of its clients drop
 * the ones that others invented. In memory only; each key sees what its own requests brought. Whether state may go to an
 * upstream is decided there, by its scope.
 */
export interface ReasoningCache {
  /** Keeps the state of a complete answer, under its tool calls or else under its text. */
  remember(keyId: string, answer: ModelAnswer): void
  /** The request with state put back into assistant turns that came without any. */
  recall(keyId: string, request: ModelRequest): ModelRequest
}

interface Kept {
  readonly reasoning: readonly ReasoningPart[]
  /** State of the call or text itself. */
  readonly own: readonly OpaqueState[]
  readonly expiresAt: number
  readonly size: number
}

const keptForMs = 6 * 60 * 60 * 1000
const mostEntries = 5_000
/** Characters of text and state, all entries together. */
const mostCharacters = 32 * 1024 * 1024

/** `now` gives ms. The oldest entries leave first. */
export function createReasoningCache({ now }: { readonly now: () => number }): ReasoningCache {
  const entries = new Map<string, Kept>()
  let characters = 0

  const drop = (key: string): void => {
    characters -= entries.get(key)?.size ?? 0
    entries.delete(key)
  }
  const keep = (key: string, reasoning: readonly ReasoningPart[], own: readonly OpaqueState[]): void => {
    if (own.length === 0 && reasoning.length === 0) return
    drop(key)
    const size = JSON.stringify([reasoning, own]).length
    if (size > mostCharacters / 8) return
    entries.set(key, { reasoning, own, expiresAt: now() + keptForMs, size })
    characters += size
    for (const oldest of entries.keys()) {
      if (entries.size <= mostEntries && characters <= mostCharacters) return
      drop(oldest)
    }
  }
  const find = (key: string): Kept | undefined => {
    const kept = entries.get(key)
    if (kept === undefined || kept.expiresAt > now()) return kept
    drop(key)
    return undefined
  }

  return {
    remember(keyId, { parts }) {
      const reasoning = parts
        .filter(({ part, opaque }) => part.type === 'reasoning' && opaque.length > 0)
        .map(asReasoning)
      let withCalls = false
      for (const { part, opaque } of parts) {
        if (part.type !== 'tool-call') continue
        withCalls = true
        keep(keyOf(keyId, 'call', part.id), reasoning, opaque)
      }
      const texts = parts.filter(({ part }) => part.type === 'text')
      const text = texts.map((part) => part.text).join('')
      if (!withCalls && text !== '') {
        const own = texts.flatMap(({ opaque }) => opaque)
        keep(keyOf(keyId, 'text', text), reasoning, own)
      }
    },
    recall(keyId, request) {
      if (entries.size === 0) return request
      const turns = request.turns.map((turn) => restore(turn, (kind, value) => find(keyOf(keyId, kind, value))))
      return { ...request, turns }
    },
  }
}

function keyOf(keyId: string, kind: 'call' | 'text', value: string): string {
  return createHash('sha256').update(`${keyId}\n${kind}\n${value}`).digest('base64url')
}

function asReasoning({ text, opaque }: CompletePart): ReasoningPart {
  return { type: 'reasoning', text, opaque }
}

type Find = (kind: 'call' | 'text', value: string) => Kept | undefined

function restore(turn: Turn, find: Find): Turn {
  if (turn.role !== 'assistant' || turn.parts.some(hasState)) return turn
  const calls = turn.parts.filter((part) => part.type === 'tool-call')
  if (calls.length === 0) return restoreText(turn, find)
  const found = calls.map((call) => find('call', call.id))
  const reasoning = found.find((kept) => kept !== undefined)?.reasoning ?? []
  const parts = turn.parts.map((part): Part => {
    const own = part.type === 'tool-call' ? (found[calls.indexOf(part)]?.own ?? []) : []
    return own.length === 0 ? part : { ...(part as Part & { type: 'tool-call' }), opaque: own }
  })
  return { ...turn, parts: withReasoning(parts, reasoning) }
}

function restoreText(turn: Turn, find: Find): Turn {
  const texts = turn.parts.filter((part) => part.type === 'text')
  const kept = texts.length === 0 ? undefined : find('text', texts.map(({ text }) => text).join(''))
  if (kept === undefined) return turn
  const last = texts.at(-1)
  const parts = turn.parts.map((part) => (part === last && kept.own.length > 0 ? { ...part, opaque: kept.own } : part))
  return { ...turn, parts: withReasoning(parts, kept.reasoning) }
}

/** A signature holds for its own text only, so what a client sent back of the reasoning makes room for it. */
function withReasoning(parts: readonly Part[], reasoning: readonly ReasoningPart[]): readonly Part[] {
  return reasoning.length === 0 ? parts : [...reasoning, ...parts.filter((part) => part.type !== 'reasoning')]
}

function hasState(part: Part): boolean {
  return (
    (part.type === 'reasoning' || part.type === 'tool-call' || part.type === 'text') && (part.opaque ?? []).length > 0
  )
}
