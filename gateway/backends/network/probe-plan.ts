import type { HostMemory } from './host-machine.ts'
import { confirmMs } from './host-machine.ts'

export interface ProbeFacts extends Pick<HostMemory, 'state' | 'cause' | 'route' | 'confirmingSince'> {
  /** Probes in a row that changed nothing. */
  readonly unchanged: number
  /** True shortly after the network changed, the machine woke up or somebody asked. */
  readonly isUrgent: boolean
}

const urgentMs = 300
const returnedMs = 20
const lostMs = 1_000
const longestLostMs = 10_000
const longestOtherPathMs = 60_000
/** Tunnels die silently; a cable tells. */
const tunnelMs = 10_000
const idleMs = 30_000
/** So many tries at full pace before they become rare: a network that is away for a minute is back at once. */
const eagerTries = 60

/** ms until a connection to the host is tried again; undefined = only when the network changes. Pure. */
export function nextContactIn({
  state,
  cause,
  route,
  confirmingSince,
  unchanged,
  isUrgent,
}: ProbeFacts): number | undefined {
  if (confirmingSince !== undefined) return confirmMs + 10
  // The way has just come back.
  if (cause === 'unproven') return returnedMs
  switch (state) {
    case 'up':
      return route?.kind === 'path' && route.tunnel !== undefined ? tunnelMs : idleMs
    case 'unknown':
      return isUrgent ? urgentMs : Math.min(idleMs, 5_000 * 1.5 ** unchanged)
    case 'path_lost':
      if (cause === 'no_route' || cause === 'wrong_network' || cause === 'no_carrier') return undefined
      if (isUrgent) return urgentMs
      // Nothing tells of a name that is known again or of a router that has its network back.
      if (cause === 'other_path') return Math.min(longestOtherPathMs, 2_000 * 2 ** unchanged)
      return slower(unchanged)
    case 'path_stalled':
      if (cause === 'no_carrier') return undefined
      return isUrgent ? urgentMs : slower(unchanged)
    case 'host_down':
    case 'service_down':
      return isUrgent ? urgentMs : slower(unchanged)
  }
}

function slower(unchanged: number): number {
  return Math.min(longestLostMs, lostMs * 1.3 ** Math.max(0, unchanged - eagerTries))
}
