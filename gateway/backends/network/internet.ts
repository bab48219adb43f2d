import type { GatewayConfig } from '../../config/gateway-config.ts'
import type { InternetFacts } from './path-lines.ts'
import { isInnerHost, isLoopbackHost } from './private-address.ts'
import type { Route } from './route.ts'
import type { RouteLookup } from './route-lookup.ts'

export interface InternetDependencies {
  readonly route: RouteLookup
  /** True for a host that has a line of its own. */
  readonly isFollowed: (host: string) => boolean
  /** ms since the epoch. */
  readonly now: () => number
}

/** What is known of the way to the internet: never asked, only the kernel's table and what requests come to. */
export interface Internet {
  /** An upstream has answered. */
  readonly answered: (host: string) => void
  readonly facts: (config: Pick<GatewayConfig, 'groups'> | undefined) => Promise<InternetFacts>
}

/** Addresses for documentation (RFC 5737, RFC 3849): nobody has them, and the kernel's way there is the one to the internet. */
const anywhere = ['198.51.100.1', '2001:db8::1'] as const

export function createInternet({ route, isFollowed, now }: InternetDependencies): Internet {
  let answeredAt: number | undefined
  let way: Route | undefined
  return {
    answered(host) {
      if (!isFollowed(host) && !isInnerHost(host) && !isLoopbackHost(host)) answeredAt = now()
    },
    async facts(config) {
      const found = await firstWay(route)
      // What was answered on another way says nothing of this one.
      if (way !== undefined && !isSameWay(way, found)) answeredAt = undefined
      way = found
      return { route: found, providers: providersOf(config, isFollowed), answeredAt }
    },
  }
}

async function firstWay(route: RouteLookup): Promise<Route> {
  const [v4, v6] = anywhere
  const found = await route(v4)
  return found.kind === 'path' ? found : route(v6)
}

function isSameWay(one: Route, other: Route): boolean {
  if (one.kind !== 'path' || other.kind !== 'path') return one.kind === other.kind
  return one.source === other.source && one.interface === other.interface
}

function providersOf(
  config: Pick<GatewayConfig, 'groups'> | undefined,
  isFollowed: (host: string) => boolean,
): readonly string[] {
  const there = [...(config?.groups.values() ?? [])].flat().filter(({ baseUrl, adapter }) => {
    const host = URL.parse(baseUrl)?.hostname
    return adapter !== 'demo' && host !== undefined && !isFollowed(host) && !isInnerHost(host) && !isLoopbackHost(host)
  })
  return [...new Set(there.map(({ provider }) => provider))]
}
