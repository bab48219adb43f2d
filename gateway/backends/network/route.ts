import { BlockList, isIPv6 } from 'node:net'

/** The way to an address as the kernel gives it at this moment. */
export type Route =
  | {
      readonly kind: 'path'
      /** The own address that packets would carry. */
      readonly source: string
      /** Undefined when the system does not tell. */
      readonly interface: string | undefined
      /** The tunnel's make; undefined = none. */
      readonly tunnel: string | undefined
      /** The own address with its prefix length: `10.8.0.2/24`. */
      readonly subnet: string | undefined
      /** False when the interface is up but nobody is at its other end; undefined = not known. */
      readonly carrier: boolean | undefined
    }
  /** The kernel has no way: `ENETUNREACH`, `EHOSTUNREACH`, `EINVAL` (blackhole), `EACCES` (prohibit). */
  | { readonly kind: 'none'; readonly code: string }
  /** The name has no address: `ENOTFOUND`, `EAI_AGAIN`. */
  | { readonly kind: 'no_name'; readonly code: string }

export type PathRoute = Extract<Route, { kind: 'path' }>

/** The way on which a host was last reached. Kept between runs. */
export interface LearnedPath {
  readonly source: string
  readonly interface: string | undefined
  readonly tunnel: string | undefined
  readonly subnet: string | undefined
}

/** What is worth remembering of a way that works. */
export function learnedFrom({ source, interface: name, tunnel, subnet }: PathRoute): LearnedPath {
  return { source, interface: name, tunnel, subnet }
}

/**
 * True when a route goes the way that was learned: the same tunnel (its address may have changed), or without a tunnel the
 * same subnet, be it by cable or by air. Pure.
 */
export function isSamePath(learned: LearnedPath, route: PathRoute): boolean {
  if (learned.source === route.source) return true
  if ((learned.tunnel === undefined) !== (route.tunnel === undefined)) return false
  if (learned.tunnel !== undefined) {
    return learned.interface === route.interface || (learned.tunnel === route.tunnel && learned.tunnel !== 'VPN')
  }
  return isWithin(route.source, learned.subnet)
}

/** True when two hosts are reached over the same interface, so that one's answers say something of the other's silence. */
export function sharePath(one: Route | undefined, other: Route | undefined): boolean {
  if (one?.kind !== 'path' || other?.kind !== 'path') return false
  return one.interface === undefined ? one.source === other.source : one.interface === other.interface
}

function isWithin(address: string, subnet: string | undefined): boolean {
  const [base = '', prefix = ''] = subnet?.split('/') ?? []
  const bits = Number(prefix)
  if (base === '' || prefix === '' || !Number.isInteger(bits) || isIPv6(base) !== isIPv6(address)) return false
  const family = isIPv6(base) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(base, bits, family)
  return list.check(address, family)
}
