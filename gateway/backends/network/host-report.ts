import type { HostMemory } from './host-machine.ts'
import type { HostWatch } from './host-watch.ts'
import { wordsFor, type Words } from './network-words.ts'
import { labelOf, type WatchedHost } from './watched-hosts.ts'

/** A host as it is now. */
export interface HostReport {
  readonly wish: WatchedHost
  readonly address: string | undefined
  readonly memory: HostMemory
  readonly words: Words | undefined
  /** ms since the epoch when it came into its state; undefined = nothing is known yet. */
  readonly since: number | undefined
  /** How long a connection to it usually takes, in ms; undefined = not known. */
  readonly usualMs: number | undefined
}

/** What a watch knows, in a value. */
export function reportOf({ wish, address, memory, since, usualMs }: HostWatch): HostReport {
  return { wish, address, memory, words: wordsFor({ ...memory, ...wish, host: labelOf(wish) }), since, usualMs }
}
