import { mapToolId } from '../../model/tool-ids.ts'

/** What names a call of this dialect, which needs no id. */
const madeId = { pattern: /^$/, length: 24 }

/**
 * Gives every call an id and finds the call that a result answers: by its id, else the first unanswered call of its name.
 * Made ids depend on the place in the conversation alone, so they are the same in every turn.
 */
export class CallLedger {
  readonly #open: { readonly id: string; readonly name: string }[] = []
  readonly #known = new Set<string>()
  #calls = 0
  #strays = 0

  addCall(givenId: string | undefined, name: string): string {
    const id = givenId ?? mapToolId(`call:${this.#calls}:${name}`, madeId, this.#known)
    this.#calls += 1
    this.#known.add(id)
    this.#open.push({ id, name })
    return id
  }

  /** The id of the call that a result of this id or name answers; an own one where none is open, so that nothing mixes. */
  answer(givenId: string | undefined, name: string): string {
    const at = this.#open.findIndex((call) => (givenId === undefined ? call.name === name : call.id === givenId))
    if (at !== -1) return this.#open.splice(at, 1)[0]?.id ?? name
    if (givenId !== undefined) return givenId
    this.#strays += 1
    return mapToolId(`stray:${this.#strays}:${name}`, madeId, this.#known)
  }
}
