import { Attempt, type AttemptListener, type AttemptTask } from './attempt.ts'

/** The attempts of one request that have not ended: one, or two while a hedge runs. */
export class RunningAttempts {
  readonly #listener: AttemptListener
  #running: Attempt[] = []

  constructor(listener: AttemptListener) {
    this.#listener = listener
  }

  get count(): number {
    return this.#running.length
  }

  begin(task: AttemptTask): Attempt {
    const attempt = new Attempt(task, this.#listener)
    this.#running.push(attempt)
    return attempt
  }

  /** It has ended by itself. */
  remove(attempt: Attempt): void {
    if (this.#running.length === 1) this.#running.pop()
    else this.#running = this.#running.filter((other) => other !== attempt)
  }

  /** Closes the connections of all others, and gives them. */
  abortAllBut(winner: Attempt | undefined): readonly Attempt[] {
    if (this.#running.length === 1 && this.#running[0] === winner) return []
    const losers = this.#running.filter((attempt) => attempt !== winner)
    this.#running = this.#running.filter((attempt) => attempt === winner)
    for (const loser of losers) loser.abort()
    return losers
  }
}
