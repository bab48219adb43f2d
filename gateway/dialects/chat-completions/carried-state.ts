import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueState, ReasoningPart } from '../../model/parts.ts'
import { sealState, unsealState } from '../../model/sealed-state.ts'

/*
 * Chat completions has no field of its own for opaque reasoning state. Two fields come back from its clients: entries of
 * `reasoning_details` from those that know OpenRouter, and `extra_content.google.thought_signature` of a tool call from
 * those that know Gemini. Both carry sealed state here; the reasoning text goes along, since a signature holds for its
 * text only and most clients do not send the text back.
 */

/** Whole reasoning parts inside one sealed state. */
const partsKind = 'reasoning_parts'
const detailType = 'reasoning.encrypted'
const detailFormat = 'signalbox-v1'
export const nativeScope = 'native:chat-completions'

/** Reasoning parts with state in one string; undefined when none has any. */
export function sealReasoning(parts: readonly ReasoningPart[]): string | undefined {
  const kept = parts.filter((part) => part.opaque.length > 0)
  if (kept.length === 0) return undefined
  const data: JsonValue = kept.map(({ text, opaque }) => ({ text, opaque: opaque.map((state) => ({ ...state })) }))
  return sealState([{ scope: '', kind: partsKind, data }])
}

/** As an entry of `reasoning_details`. */
export function reasoningDetail(sealed: string): JsonObject {
  return { type: detailType, data: sealed, format: detailFormat, index: 0 }
}

/** As the extra content of a tool call: the call's own state, then the state of the reasoning before it. */
export function callExtra(own: readonly OpaqueState[], sealedReasoning: string | undefined): JsonObject {
  const sealed = [own.length === 0 ? undefined : sealState(own), sealedReasoning].filter((text) => text !== undefined)
  return sealed.length === 0 ? {} : { extra_content: { google: { thought_signature: sealed.join(separator) } } }
}

/** Stands in no sealed text, whose alphabet is that of base64url and a full stop. */
const separator = '~'

export interface CarriedState {
  /** State of the call or the message itself. */
  readonly own: readonly OpaqueState[]
  /** Reasoning parts that were sealed along. */
  readonly reasoning: readonly ReasoningPart[]
}

/** Reads the extra content of a tool call: ours unsealed, a provider's own kept for the native path. */
export function readCallExtra(call: JsonObject): CarriedState {
  const extra = isJsonObject(call.extra_content) ? call.extra_content.google : undefined
  const signature = isJsonObject(extra) ? extra.thought_signature : undefined
  if (typeof signature !== 'string' || signature === '') return { own: [], reasoning: [] }
  const unsealed = signature.split(separator).map((text) => unsealState(text))
  if (unsealed.includes(undefined)) {
    return { own: [{ scope: nativeScope, kind: 'thought_signature', data: signature }], reasoning: [] }
  }
  return splitStates(unsealed.flatMap((states) => states ?? []))
}

/** Reads `reasoning_details`: our entries unsealed, the others kept together. */
export function readDetails(details: JsonValue | undefined): CarriedState {
  const entries = Array.isArray(details) ? details.filter((entry): entry is JsonObject => isJsonObject(entry)) : []
  const unsealed = entries.map((entry) => (typeof entry.data === 'string' ? unsealState(entry.data) : undefined))
  const foreign = entries.filter((_, position) => unsealed[position] === undefined)
  const ours = splitStates(unsealed.flatMap((states) => states ?? []))
  const native: OpaqueState[] =
    foreign.length === 0 ? [] : [{ scope: nativeScope, kind: 'reasoning_details', data: foreign }]
  return { own: [...ours.own, ...native], reasoning: ours.reasoning }
}

/** The visible text of a provider's own `reasoning_details`. */
export function detailsText(details: JsonValue | undefined): string {
  if (!Array.isArray(details)) return ''
  return details
    .map((entry) => (isJsonObject(entry) ? (entry.text ?? entry.summary) : undefined))
    .filter((text): text is string => typeof text === 'string')
    .join('')
}

function splitStates(states: readonly OpaqueState[]): CarriedState {
  return {
    own: states.filter((state) => state.kind !== partsKind),
    reasoning: states.filter((state) => state.kind === partsKind).flatMap((state) => readParts(state.data)),
  }
}

function readParts(data: JsonValue): ReasoningPart[] {
  if (!Array.isArray(data)) return []
  return data.flatMap((entry) => {
    if (!isJsonObject(entry) || typeof entry.text !== 'string' || !Array.isArray(entry.opaque)) return []
    const opaque = entry.opaque.filter(isState).map(({ scope, kind, data: value }) => ({ scope, kind, data: value }))
    return [{ type: 'reasoning' as const, text: entry.text, opaque }]
  })
}

function isState(value: JsonValue): value is JsonValue & OpaqueState {
  return isJsonObject(value) && typeof value.scope === 'string' && typeof value.kind === 'string' && 'data' in value
}
