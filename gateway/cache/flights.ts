import type { CachedAnswer } from './cached-answer.ts'

/** What became of the request that others waited for. `left`: its own client went away, which says nothing about the upstream. */
export type FlightOutcome =
  | { readonly kind: 'answered'; readonly answer: CachedAnswer }
  | { readonly kind: 'failed' }
  | { readonly kind: 'left' }

export type Follower = (outcome: FlightOutcome) => void

/** Requests that go to an upstream now, by the key of their answer, and who waits for each. */
export class Flights {
  readonly #flights = new Map<string, Set<Follower>>()

  /** Waits for the request under way with this key; gives the way to stop waiting. Undefined when there is none. */
  join(key: string, follower: Follower): (() => void) | undefined {
    const followers = this.#flights.get(key)
    followers?.add(follower)
    return followers === undefined ? undefined : () => followers.delete(follower)
  }

  /** Begins one; there must be none. Call what it gives exactly once, with what became of it. */
  lead(key: string): (outcome: FlightOutcome) => void {
    const followers = new Set<Follower>()
    this.#flights.set(key, followers)
    return (outcome) => {
      this.#flights.delete(key)
      for (const follower of followers) follower(outcome)
    }
  }
}
