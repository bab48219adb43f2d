import { isJsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueState, Part } from '../../model/parts.ts'
import { sealState, unsealState } from '../../model/sealed-state.ts'

/** Scope of a value that we did not seal: Anthropic's own, from an answer that passed through. */
const nativeScope = 'native:messages'

/** Kind of an entry that says whose the state beside it is: a part that has no field for it on this wire. */
const ownerKind = 'signalbox:owner'

/** Whose the state is: the tool call of that id, or the text before it. */
export type StateOwner = { readonly call: string } | 'text'

/** State for the `signature` of a thinking block, or the `data` of a redacted one. */
export function carryState(states: readonly OpaqueState[], owner?: StateOwner): string {
  if (owner === undefined) return sealState(states)
  const call = owner === 'text' ? null : owner.call
  return sealState([{ scope: 'signalbox', kind: ownerKind, data: { call } }, ...states])
}

export interface CarriedState {
  readonly states: readonly OpaqueState[]
  readonly owner: StateOwner | undefined
}

/** Reads a `signature` or `data` back. A value that is not ours is kept for Anthropic itself and for nobody else. */
export function readCarriedState(value: string, kind: 'signature' | 'redacted_thinking'): CarriedState {
  const states = unsealState(value)
  if (states === undefined) {
    return { states: value === '' ? [] : [{ scope: nativeScope, kind, data: value }], owner: undefined }
  }
  const owner = states.find((state) => state.kind === ownerKind)
  return {
    states: states.filter((state) => state.kind !== ownerKind),
    owner: owner === undefined ? undefined : ownerOf(owner.data),
  }
}

function ownerOf(data: JsonValue): StateOwner | undefined {
  if (!isJsonObject(data)) return undefined
  return typeof data.call === 'string' ? { call: data.call } : 'text'
}

/** Gives state that travelled beside its part back to it: a tool call of that id, or the last text. */
export function returnState(parts: readonly Part[], { states, owner }: CarriedState): Part[] {
  const at = parts.findLastIndex((part) =>
    owner === 'text' ? part.type === 'text' : part.type === 'tool-call' && part.id === owner?.call,
  )
  return parts.map((part, index) =>
    index === at && (part.type === 'text' || part.type === 'tool-call')
      ? { ...part, opaque: [...(part.opaque ?? []), ...states] }
      : part,
  )
}
