/** One row of the kernel's main table of IPv4 routes. */
export interface ProcRoute {
  readonly interface: string
  readonly network: number
  readonly mask: number
  readonly metric: number
}

const up = 0x1
const rejects = 0x200

/** Reads `/proc/net/route` (route(8), proc(5)): hexadecimal words in the byte order of the machine (little endian). Pure. */
export function readProcRoutes(text: string): ProcRoute[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [name = '', destination = '', , flags = '', , , metric = '', mask = ''] = line.trim().split(/\s+/)
      const bits = Number.parseInt(flags, 16)
      if (name === '' || !/^[0-9A-F]{8}$/i.test(destination) || !/^[0-9A-F]{8}$/i.test(mask)) return []
      if ((bits & up) === 0 || (bits & rejects) !== 0) return []
      return [{ interface: name, network: swapped(destination), mask: swapped(mask), metric: Number(metric) }]
    })
}

/** The interface that the table gives for an IPv4 address: longest prefix, then lowest metric. Pure. */
export function interfaceTowards(routes: readonly ProcRoute[], address: string): string | undefined {
  const parts = address.split('.').map(Number)
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined
  const wanted = parts.reduce((whole, part) => whole * 256 + part, 0)
  const fits = routes.filter(({ network, mask }) => (wanted & mask) >>> 0 === network)
  const best = fits.toSorted((one, other) => other.mask - one.mask || one.metric - other.metric)
  return best[0]?.interface
}

function swapped(word: string): number {
  return Number.parseInt(word.match(/../g)?.toReversed().join('') ?? '', 16)
}
