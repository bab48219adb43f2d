import { isIP } from 'node:net'
import type { GatewayConfig } from '../../config/gateway-config.ts'
import { isInnerHost, isLoopbackHost } from './private-address.ts'

/** A host whose path is followed. */
export interface WatchedHost {
  /** As in a URL, without port. */
  readonly host: string
  /** What people call it where its address says nothing: the names of the backends there. Absent = the host. */
  readonly label?: string
  /** The user's word; undefined = learned. */
  readonly network: 'vpn' | 'lan' | 'any' | undefined
  /** Ports at which a connection proves that the host is there. */
  readonly ports: readonly number[]
  /** Names of backends and models that live there, each once. */
  readonly usedBy: readonly string[]
}

/** A server that is known from elsewhere. */
export interface KnownServer {
  readonly name: string
  readonly url: string
  readonly network: WatchedHost['network']
  /** True when the user wrote it into the config. */
  readonly named: boolean
  /** False for a host alone: it has a way, and no port that is worth a connection. */
  readonly hasPort?: boolean
}

/**
 * The hosts whose path is worth following: those of named backends, and those of models on inner networks. The internet is
 * not followed, nor this machine, nor what a proxy reaches for us. Pure.
 */
export function watchedHosts(
  { groups }: Pick<GatewayConfig, 'groups'>,
  servers: readonly KnownServer[],
  isProxied: (url: string) => boolean,
): WatchedHost[] {
  const hosts = new Map<string, WatchedHost>()
  const add = (url: string, name: string, network: WatchedHost['network'], isNamed: boolean, hasPort = true): void => {
    const place = URL.parse(url)
    if (place === null || place.hostname === '' || isLoopbackHost(place.hostname) || isProxied(url)) return
    if (!isNamed && !isInnerHost(place.hostname)) return
    const known = hosts.get(place.hostname)
    const label = isNamed ? labelWith(known?.label, name, place.hostname) : known?.label
    hosts.set(place.hostname, {
      host: place.hostname,
      ...(label === undefined ? {} : { label }),
      network: known?.network ?? network,
      ports: [...new Set([...(known?.ports ?? []), ...(hasPort ? [portOf(place)] : [])])],
      usedBy: [...new Set([...(known?.usedBy ?? []), name])],
    })
  }
  for (const { url, name, network, named, hasPort } of servers) add(url, name, network, named, hasPort)
  for (const { baseUrl, modelName, adapter } of [...groups.values()].flat())
    if (baseUrl !== '' && adapter !== 'demo') add(baseUrl, modelName, undefined, false)
  return [...hosts.values()]
}

/** A host name is its own label; an address has those of the backends that the user has put there. */
function labelWith(known: string | undefined, name: string, host: string): string | undefined {
  if (isIP(host.replace(/^\[|\]$/g, '')) === 0) return undefined
  const names = known?.split(', ') ?? []
  return names.includes(name) ? known : [...names, name].join(', ')
}

/** What a host is called. Pure. */
export function labelOf({ host, label }: Pick<WatchedHost, 'host' | 'label'>): string {
  return label ?? host
}

/** The port that a URL means. Pure. */
export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}
