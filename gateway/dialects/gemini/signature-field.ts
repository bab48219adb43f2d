import { isJsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueState, ReasoningPart } from '../../model/parts.ts'
import { sealState, unsealState } from '../../model/sealed-state.ts'

/** What a `thoughtSignature` holds: reasoning that stood before the part, and state of the part itself. */
export interface CarriedState {
  readonly reasoning: readonly ReasoningPart[]
  readonly own: readonly OpaqueState[]
}

const ourScope = 'signalbox'
const reasoningKind = 'reasoning'
const foreignScope = 'native:gemini'

/**
 * Puts state into the one opaque field that clients of this dialect give back. They drop thoughts from the history, so
 * reasoning whose state must return travels with its text in here. Base64 as the field demands: typed clients decode it.
 */
export function writeSignature({ reasoning, own }: CarriedState): string | undefined {
  const states = [
    ...reasoning.map(({ text, opaque }): OpaqueState => {
      return { scope: ourScope, kind: reasoningKind, data: { text, opaque: opaque as unknown as JsonValue } }
    }),
    ...own,
  ]
  return states.length === 0 ? undefined : Buffer.from(sealState(states)).toString('base64')
}

/** Takes a `thoughtSignature` apart. One that is not ours is kept for the native path alone. */
export function readSignature(value: string): CarriedState {
  const states = unsealState(Buffer.from(value, 'base64').toString('utf8'))
  if (states === undefined) {
    return { reasoning: [], own: [{ scope: foreignScope, kind: 'thought_signature', data: value }] }
  }
  const ours = states.filter((state) => state.scope === ourScope && state.kind === reasoningKind)
  return {
    reasoning: ours.flatMap((state) => readReasoning(state)),
    own: states.filter((state) => !ours.includes(state)),
  }
}

function readReasoning(state: OpaqueState): ReasoningPart[] {
  const { data } = state
  if (!isJsonObject(data) || typeof data.text !== 'string' || !Array.isArray(data.opaque)) return []
  return [{ type: 'reasoning', text: data.text, opaque: data.opaque.flatMap((entry) => readState(entry)) }]
}

function readState(value: JsonValue): OpaqueState[] {
  if (!isJsonObject(value) || typeof value.scope !== 'string' || typeof value.kind !== 'string') return []
  return value.data === undefined ? [] : [{ scope: value.scope, kind: value.kind, data: value.data }]
}
