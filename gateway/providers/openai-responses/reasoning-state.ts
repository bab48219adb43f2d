import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { OpaqueScope, OpaqueState } from '../../model/parts.ts'

const kind = 'encrypted_content'

/** The state in a reasoning item of an answer; empty when the item carries none. */
export function reasoningState(item: JsonObject, scope: OpaqueScope): readonly OpaqueState[] {
  if (typeof item.encrypted_content !== 'string' || item.encrypted_content === '') return []
  const id = typeof item.id === 'string' ? { id: item.id } : {}
  return [{ scope, kind, data: { ...id, encrypted_content: item.encrypted_content } }]
}

/** The reasoning items to send back for state of this scope: none for state of any other. `text` is what was shown. */
export function reasoningItem(states: readonly OpaqueState[], scope: OpaqueScope, text: string): JsonObject[] {
  const summary = text === '' ? [] : [{ type: 'summary_text', text }]
  return states.flatMap((state) => {
    if (state.scope !== scope || state.kind !== kind) return []
    const data = isJsonObject(state.data) ? state.data : { encrypted_content: state.data }
    if (typeof data.encrypted_content !== 'string') return []
    const id = typeof data.id === 'string' ? { id: data.id } : {}
    return [{ type: 'reasoning', ...id, summary, encrypted_content: data.encrypted_content }]
  })
}
