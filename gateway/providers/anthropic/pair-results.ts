import type { ToolCallPart, ToolResultPart, Turn } from '../../model/parts.ts'
import { mapToolId, type ToolIdRule } from '../../model/tool-ids.ts'

/** A call of the history with the id that goes upstream and its result, wherever in the history that stood. */
export interface PairedCall {
  readonly id: string
  result: ToolResultPart | undefined
}

export interface Pairing {
  readonly calls: ReadonlyMap<ToolCallPart, PairedCall>
  /** Results whose call is not in the history. */
  readonly orphans: number
  /** Calls without a result. */
  readonly unanswered: number
}

const wireId: ToolIdRule = { pattern: /^[A-Za-z0-9_-]{1,64}$/, length: 24 }

/**
 * Finds the result of each call. Clients repeat ids (Gemini has none of its own), so a result belongs to the earliest
 * call of its id that has none yet; upstream every call has an id of its own, the same in each turn of a conversation.
 */
export function pairResults(turns: readonly Turn[]): Pairing {
  const calls = new Map<ToolCallPart, PairedCall>()
  const waiting = new Map<string, PairedCall[]>()
  const taken = new Set<string>()
  let orphans = 0
  for (const part of turns.flatMap((turn) => turn.parts)) {
    if (part.type === 'tool-call') {
      const call: PairedCall = { id: mapToolId(part.id, wireId, taken), result: undefined }
      taken.add(call.id)
      calls.set(part, call)
      waiting.set(part.id, [...(waiting.get(part.id) ?? []), call])
    } else if (part.type === 'tool-result') {
      const call = waiting.get(part.callId)?.shift()
      if (call === undefined) orphans += 1
      else call.result = part
    }
  }
  const unanswered = [...calls.values()].filter((call) => call.result === undefined).length
  return { calls, orphans, unanswered }
}
