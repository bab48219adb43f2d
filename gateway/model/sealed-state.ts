import { isJsonObject, type JsonValue } from './json.ts'
import type { OpaqueState } from './parts.ts'

/** Marks state that we put into a client's opaque field, so that it is told from a provider's own. */
export const sealMark = 'sbx1.'

/** True for a string that `sealState` made, or that claims to be one: it means nothing to any provider. */
export function isSealed(text: string): boolean {
  return text.startsWith(sealMark)
}

/**
 * Puts opaque state into one string that a client carries for us unread (`signature` of Messages, `encrypted_content` of
 * Responses) and gives back on the next turn. Not encrypted: it holds what the provider itself gives to any client.
 */
export function sealState(states: readonly OpaqueState[]): string {
  return sealMark + Buffer.from(JSON.stringify(states)).toString('base64url')
}

/** The states in a string made by `sealState`; undefined for anything else, such as a provider's own value. */
export function unsealState(text: string): readonly OpaqueState[] | undefined {
  if (!text.startsWith(sealMark)) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(text.slice(sealMark.length), 'base64url').toString('utf8'))
    return Array.isArray(value) ? value.filter(isOpaqueState) : undefined
  } catch {
    return undefined
  }
}

function isOpaqueState(value: JsonValue): value is JsonValue & OpaqueState {
  return isJsonObject(value) && typeof value.scope === 'string' && typeof value.kind === 'string' && 'data' in value
}
