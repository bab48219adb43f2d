import type { BackendState } from '../backend.ts'

export interface CadenceFacts {
  readonly state: BackendState
  readonly isLoopback: boolean
  /** Readings in a row that brought nothing new. */
  readonly unchanged: number
  /** True when a new reading is dear for the server (MLX reads its whole cache from disk). */
  readonly dear: boolean
  /** True when nobody could be connected to, as opposed to a refusal, which costs nothing. */
  readonly silent: boolean
  /** Tries in a row without an answer. */
  readonly failures: number
  /** False for one of many ports of a host. */
  readonly expected: boolean
  /** True when the socket table tells by itself that a server of this machine has come or gone. */
  readonly isToldOf: boolean
}

/** How long a server that is down and expected may go unnoticed is this and the time of one probe, below 2 s together. */
const downMs = 1_300
const longestSilentMs = 10_000
const longestMs = 30_000
/** Where the socket table tells of comings and goings, only what is loaded or newly fetched can go unseen; use ends the wait. */
const longestToldMs = 60_000

/** ms until a server is asked again; undefined = only when something tells of a change. Pure. */
export function nextProbeIn(facts: CadenceFacts): number | undefined {
  switch (facts.state) {
    case 'up': {
      const base = (facts.isLoopback ? 5_000 : 10_000) * (facts.dear ? 6 : 1)
      const longest = facts.isLoopback && facts.isToldOf ? longestToldMs : longestMs
      return Math.min(Math.max(base, longest), base * 1.5 ** facts.unchanged)
    }
    case 'starting':
      return 1_500
    case 'auth':
    case 'failing':
    case 'impostor':
      return Math.min(longestMs, 5_000 * 1.5 ** facts.unchanged)
    case 'unknown':
    case 'down':
      // One that listens and was too busy to take a connection never comes anew: it is asked until it answers.
      if (facts.isLoopback && facts.isToldOf && !facts.silent) return undefined
      if (facts.silent) return Math.min(longestSilentMs, downMs * 1.3 ** Math.max(0, facts.failures - 3))
      return facts.expected ? downMs : 2 * downMs
  }
}

/** ms between two looks at the listeners: often while a known server of this machine is down. */
export function nextLookIn(cheap: boolean, awaitsOne: boolean): number {
  if (!cheap) return 8_000
  return awaitsOne ? 1_500 : 5_000
}

/**
 * Moves the end of a wait to the half second before it, or to a multiple of five seconds where it is long: what is planned by different
 * servers then shares one wake-up. Never later than asked. Pure.
 *
 * @param now ms of a clock that only goes forward @param wait ms
 * @returns ms from now
 */
export function alignedWait(now: number, wait: number): number {
  if (wait < grainMs) return wait
  const grid = wait < longGrainMs ? grainMs : longGrainMs
  // A timer that fires a little early must not be planned for the same moment again.
  const end = Math.floor((now + wait + earlyMs) / grid) * grid
  return Math.max(0, end - now)
}

const grainMs = 500
const longGrainMs = 5_000
const earlyMs = 20
