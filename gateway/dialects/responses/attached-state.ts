import type { OpaqueState, Part, ToolCallPart } from '../../model/parts.ts'
import { sealState, unsealState } from '../../model/sealed-state.ts'

/**
 * State that belongs to a tool call or to a text has no field in this dialect. It travels in a reasoning item behind its
 * item, with a first entry that says whose it is.
 */
const attachedScope = 'signalbox:attached'

/** The value of `encrypted_content` for state of the call with this id, or of the last text. */
export function sealAttached(states: readonly OpaqueState[], callId: string | null): string {
  return sealState([{ scope: attachedScope, kind: callId === null ? 'text' : 'tool-call', data: callId }, ...states])
}

/** What an `encrypted_content` means: state of a reasoning part, of an earlier part, or a provider's own value. */
export type ReadState =
  | { readonly owner: 'reasoning'; readonly states: readonly OpaqueState[] }
  | { readonly owner: 'call'; readonly callId: string; readonly states: readonly OpaqueState[] }
  | { readonly owner: 'text'; readonly states: readonly OpaqueState[] }

export function readState(encrypted: string): ReadState {
  const states = unsealState(encrypted)
  if (states === undefined) {
    return { owner: 'reasoning', states: [{ scope: 'native:responses', kind: 'encrypted_content', data: encrypted }] }
  }
  const [first, ...rest] = states
  if (first?.scope !== attachedScope) return { owner: 'reasoning', states }
  if (first.kind === 'tool-call' && typeof first.data === 'string')
    return { owner: 'call', callId: first.data, states: rest }
  return { owner: 'text', states: rest }
}

/** Puts state back on the part it belongs to; state whose part is gone is left out. */
export function attach(parts: readonly Part[], state: ReadState): Part[] {
  const owner = parts.findLast(
    (part) =>
      (state.owner === 'call' && part.type === 'tool-call' && part.id === state.callId) ||
      (state.owner === 'text' && part.type === 'text'),
  )
  return parts.map((part) => (part === owner ? { ...(part as ToolCallPart), opaque: state.states } : part))
}
