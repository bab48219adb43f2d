import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'

/** The address of a host, or why it has none. Never rejects. `ETIMEOUT`: the resolver is silent, nothing is known. */
export type NameLookup = (
  host: string,
) => Promise<{ readonly address: string } | { readonly code: 'ENOTFOUND' | 'EAI_AGAIN' | 'ETIMEOUT' }>

const longestLookupMs = 1_000

/** Asks as the system would (split DNS of VPNs included), for at most 1 s. Literal addresses are their own. */
export const lookupName: NameLookup = async (host) => {
  const literal = host.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0) return { address: literal }
  const { promise: late, resolve } = Promise.withResolvers<{ code: 'ETIMEOUT' }>()
  const timer = setTimeout(() => resolve({ code: 'ETIMEOUT' }), longestLookupMs)
  const found = lookup(host).then(
    ({ address }) => ({ address }),
    (error: NodeJS.ErrnoException) => ({
      code: error.code === 'EAI_AGAIN' ? ('EAI_AGAIN' as const) : ('ENOTFOUND' as const),
    }),
  )
  try {
    return await Promise.race([found, late])
  } finally {
    clearTimeout(timer)
  }
}
