import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** The address of a host, or why it has none. Never rejects. `ETIMEOUT`: the resolver is silent, nothing is known. */
export type NameLookup = (
  host: string,
) => Promise<{ readonly address: string } | { readonly code: 'ENOTFOUND' | 'EAI_AGAIN' | 'ETIMEOUT' }>

type Answer = Awaited<ReturnType<NameLookup>>

const longestLookupMs = 1_000
/**
 * A silent resolver holds a worker thread for ten seconds and more, and there are four of them for all files and all names
 * of the process: a VPN that takes its resolver away must not take the names of the internet along.
 */
const mostAtOnce = 2

/**
 * Asks as the system would (split DNS of VPNs included), for at most 1 s; a name that is still being asked for is not asked
 * for again. Literal addresses are their own.
 *
 * @param ask as dns.promises.lookup
 */
export function createNameLookup(ask: (host: string) => Promise<{ readonly address: string }> = lookup): NameLookup {
  const running = new Map<string, Promise<Answer>>()
  const begin = (host: string): Promise<Answer> => {
    const found = ask(host)
      .then(
        ({ address }): Answer => ({ address }),
        (error: NodeJS.ErrnoException): Answer => ({ code: error.code === 'EAI_AGAIN' ? 'EAI_AGAIN' : 'ENOTFOUND' }),
      )
      .finally(() => running.delete(host))
    running.set(host, found)
    return found
  }
  return async (host) => {
    const literal = host.replace(/^\[|\]$/g, '')
    if (isIP(literal) !== 0) return { address: literal }
    const until = performance.now() + longestLookupMs
    for (;;) {
      const asked = running.get(host) ?? (running.size < mostAtOnce ? begin(host) : undefined)
      const found = await within(until, asked === undefined ? [...running.values()] : [asked])
      if (found === undefined) return { code: 'ETIMEOUT' }
      if (asked !== undefined) return found
    }
  }
}

/** The first answer, or undefined once the time is over. @param until ms of performance.now() */
async function within(until: number, answers: readonly Promise<Answer>[]): Promise<Answer | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), Math.max(0, until - performance.now()))
  try {
    return await Promise.race([...answers, late])
  } finally {
    clearTimeout(timer)
  }
}
