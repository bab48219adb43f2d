/** One that waits, and for whom. */
export interface Waiter {
  readonly sessionKey: string
}

/** So many sessions are remembered; those served longest ago are forgotten first, and count as new again. */
const mostSessions = 10_000

/**
 * Whose turn it is among sessions that wait: the one served longest ago, and before all of them one that was not served yet,
 * but never two of those in a row while another has waited for longer. So a session that asks now and then does not stand
 * behind those that ask all the time, and while a session waits for something that others get too, no other is served
 * twice. Within a session the first come is the first served. Pure state.
 */
export class SessionTurns<Waiting extends Waiter> {
  readonly #waiting = new Map<string, Set<Waiting>>()
  /** In order of service, the longest ago first: the number grows with each. */
  readonly #servedAt = new Map<string, number>()
  /** Since when each waits: its first request's arrival, or its last turn. On the same count as `#servedAt`. */
  readonly #since = new Map<string, number>()
  #count = 0
  #lastWasNew = false
  #size = 0

  get size(): number {
    return this.#size
  }

  all(): readonly Waiting[] {
    return [...this.#waiting.values()].flatMap((session) => [...session])
  }

  add(waiter: Waiting): void {
    const session = this.#waiting.get(waiter.sessionKey) ?? new Set()
    if (session.size === 0) this.#since.set(waiter.sessionKey, (this.#count += 1))
    this.#waiting.set(waiter.sessionKey, session)
    session.add(waiter)
    this.#size += 1
  }

  remove(waiter: Waiting): void {
    const session = this.#waiting.get(waiter.sessionKey)
    if (session?.delete(waiter) !== true) return
    this.#size -= 1
    if (session.size > 0) return
    this.#waiting.delete(waiter.sessionKey)
    this.#since.delete(waiter.sessionKey)
  }

  /** A session had its turn, here or without having had to wait. */
  served(sessionKey: string): void {
    this.#count += 1
    this.#servedAt.delete(sessionKey)
    this.#servedAt.set(sessionKey, this.#count)
    if (this.#since.has(sessionKey)) this.#since.set(sessionKey, this.#count)
    const oldest = this.#servedAt.keys().next()
    if (this.#servedAt.size > mostSessions && oldest.done !== true) this.#servedAt.delete(oldest.value)
  }

  /** Gives the next turn to whom `serve` says yes to; false = nobody that waits can be served now. */
  next(serve: (waiter: Waiting) => boolean): boolean {
    for (const sessionKey of this.#inOrder()) {
      for (const waiter of this.#waiting.get(sessionKey) ?? []) {
        if (!serve(waiter)) continue
        this.#lastWasNew = !this.#servedAt.has(sessionKey)
        this.remove(waiter)
        this.served(sessionKey)
        return true
      }
    }
    return false
  }

  #inOrder(): readonly string[] {
    const sessions = [...this.#waiting.keys()]
    const known = sessions
      .filter((key) => this.#servedAt.has(key))
      .toSorted((one, other) => (this.#servedAt.get(one) ?? 0) - (this.#servedAt.get(other) ?? 0))
    const fresh = sessions.filter((key) => !this.#servedAt.has(key))
    const [first, ...others] = known
    const [firstNew] = fresh
    const goesFirst =
      this.#lastWasNew &&
      first !== undefined &&
      firstNew !== undefined &&
      this.#waitsSince(first) < this.#waitsSince(firstNew)
    return goesFirst ? [first, ...fresh, ...others] : [...fresh, ...known]
  }

  #waitsSince(sessionKey: string): number {
    return this.#since.get(sessionKey) ?? this.#count
  }
}
