import type { Candidate, WaitingCandidate } from '../routing/plan-types.ts'

/** What a request could still wait for: the plan's own list, and what turned out to be full while it was carried. */
export class WaitingRoom {
  readonly #planned: readonly WaitingCandidate[]
  readonly #met: WaitingCandidate[] = []

  constructor(planned: readonly WaitingCandidate[]) {
    this.#planned = planned
  }

  /** A candidate that is full, for `waitMs` as far as that is known. */
  add(candidate: Candidate, waitMs: number | undefined): void {
    this.#met.push({ candidate, rateLimited: true, ...(waitMs === undefined ? {} : { until: Date.now() + waitMs }) })
  }

  /** True when something is expected to be free by then, in ms since the epoch; a slot may get free at any time. */
  opensBy(time: number): boolean {
    return this.all.some(({ until }) => until === undefined || until <= time)
  }

  /** Each deployment once, soonest first; one that waits for a slot only comes before all that wait for a time. */
  get all(): readonly WaitingCandidate[] {
    const fresh = this.#planned.filter(({ candidate }) => !this.#met.some((met) => isSame(met.candidate, candidate)))
    return [...this.#met, ...fresh].toSorted((one, other) => (one.until ?? 0) - (other.until ?? 0))
  }
}

function isSame(one: Candidate, other: Candidate): boolean {
  return one.deployment.id === other.deployment.id
}
