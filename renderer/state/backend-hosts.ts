import type { BackendView } from '../contract.ts'

/** One machine with the servers on it. */
export interface BackendHost {
  /** The address's host; `undefined` is this machine. */
  readonly address: string | undefined
  /** What the config calls the server, where there is but one on the host. */
  readonly name: string | undefined
  readonly servers: readonly BackendView[]
  /** ms since the epoch: the latest answer of any of its servers; null = never. */
  readonly lastSeenAt: number | null
  readonly anyUp: boolean
}

/** Servers by machine: this one first, the others in the order of the list. Every name of loopback is this machine. */
export function hostsOf(backends: readonly BackendView[]): BackendHost[] {
  const groups = Map.groupBy(backends, ({ url }) => addressOf(url))
  const hosts = [...groups].map(([address, servers]) => hostOf(address, servers))
  return hosts.toSorted((one, other) => Number(one.address !== undefined) - Number(other.address !== undefined))
}

function hostOf(address: string | undefined, servers: readonly BackendView[]): BackendHost {
  const seen = servers.flatMap(({ lastSeenAt }) => lastSeenAt ?? [])
  const named = new Set(servers.map(({ name }) => name))
  return {
    address,
    name: address !== undefined && named.size === 1 ? servers[0]?.name : undefined,
    servers,
    lastSeenAt: seen.length === 0 ? null : Math.max(...seen),
    anyUp: servers.some(({ state }) => state === 'up'),
  }
}

function addressOf(url: string): string | undefined {
  if (!URL.canParse(url)) return url
  const { hostname } = new URL(url)
  const isThis = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  return isThis ? undefined : hostname
}

/** The port as it stands in a list, `:11434`. */
export function portText(url: string): string {
  if (!URL.canParse(url)) return ''
  const { port, protocol } = new URL(url)
  return `:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}

/** A server that somebody wants and that does not serve; one that was only found and is off is normal life. */
export function needsCare({ state, source, added }: BackendView): boolean {
  if (!added || state === 'up' || state === 'unknown' || state === 'starting') return false
  return state !== 'down' || source === 'config'
}
