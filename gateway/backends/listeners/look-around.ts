import { type ListenerChoice, worthAsking } from './choose-listeners.ts'
import type { Listener, ListenerProcess, ListenerSource } from './listener.ts'

/** What concerns somebody who follows servers on ports of this machine. */
export interface ListenerNews {
  /** A listener that is followed already, or worth to be asked. */
  came(listener: Listener, process: string | undefined): void
  gone(port: number): void
  /** True for a port that is followed, whoever holds it. */
  isFollowed(port: number): boolean
}

/**
 * Who holds a port tells only of ports that are no server's home; that question is dear, so it is put this seldom however
 * often programs on the machine begin to listen, in ms.
 */
const strangersEveryMs = 5_000

/** Compares who listens now with who listened at the last look, and tells the difference. */
export class LookAround {
  readonly #source: ListenerSource
  /** ms; a clock that was set back asks once too often. */
  readonly #now: () => number
  #strangersAskedAt = Number.NEGATIVE_INFINITY
  readonly #seen = new Map<string, Listener>()
  readonly #processes = new Map<string, ListenerProcess>()

  constructor(source: ListenerSource, now: () => number) {
    this.#source = source
    this.#now = now
  }

  async look(news: ListenerNews, choice: () => ListenerChoice): Promise<void> {
    const found = await this.#source.list()
    const ids = new Set(found.map(({ id }) => id))
    for (const [id, listener] of this.#seen) if (!ids.has(id)) this.#forget(id, listener, news)
    const fresh = this.#dueNow(
      found.filter(({ id }) => !this.#seen.has(id)),
      news,
      choice(),
    )
    if (fresh.length === 0) return
    for (const listener of fresh) this.#seen.set(listener.id, listener)
    for (const [id, process] of await this.#source.processesOf(fresh)) this.#processes.set(id, process)
    const chosen = new Set(worthAsking(fresh, this.#processes, choice()).map(({ id }) => id))
    for (const listener of fresh) {
      if (chosen.has(listener.id) || news.isFollowed(listener.port)) {
        news.came(listener, this.#processes.get(listener.id)?.name)
      }
    }
  }

  /** Of those that are new: the ones on ports that concern us, and now and then the others. */
  #dueNow(fresh: readonly Listener[], news: ListenerNews, { knownPorts, onlyKnown }: ListenerChoice): Listener[] {
    const concerns = ({ port }: Listener): boolean => knownPorts.has(port) || news.isFollowed(port)
    const known = fresh.filter(concerns)
    if (onlyKnown || known.length === fresh.length) return known
    const since = this.#now() - this.#strangersAskedAt
    if (since >= 0 && since < strangersEveryMs) return known
    this.#strangersAskedAt = this.#now()
    return [...fresh]
  }

  #forget(id: string, listener: Listener, news: ListenerNews): void {
    this.#seen.delete(id)
    this.#processes.delete(id)
    // Another socket may hold the same port still.
    if (![...this.#seen.values()].some(({ port }) => port === listener.port)) news.gone(listener.port)
  }
}
