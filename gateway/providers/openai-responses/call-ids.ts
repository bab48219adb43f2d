import { mapToolId, type ToolIdRule } from '../../model/tool-ids.ts'

/** `call_id` of Responses: at most 64 characters. */
const responsesCallId: ToolIdRule = { pattern: /^[A-Za-z0-9_-]{1,64}$/, length: 24 }

/**
 * Ids of the calls in one conversation. Some models use one id again in a later turn: upstream every call has an id of
 * its own, and a result belongs to the oldest call of its id that has none yet.
 */
export class CallIds {
  readonly #taken = new Set<string>()
  readonly #open: { readonly id: string; readonly wireId: string }[] = []

  call(id: string): string {
    const wireId = mapToolId(id, responsesCallId, this.#taken)
    this.#taken.add(wireId)
    this.#open.push({ id, wireId })
    return wireId
  }

  /** Undefined for a result without a call, or a second result of one call. */
  result(id: string): string | undefined {
    const at = this.#open.findIndex((call) => call.id === id)
    return at === -1 ? undefined : this.#open.splice(at, 1)[0]?.wireId
  }

  /** The wire ids of calls that have no result so far. */
  unanswered(): ReadonlySet<string> {
    return new Set(this.#open.map((call) => call.wireId))
  }
}
