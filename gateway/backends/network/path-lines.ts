import type { NetworkHostView, NetworkPathView, NetworkView } from '../../contract/network.ts'
import type { Backend } from '../backend.ts'
import type { LocalInterface } from './interfaces.ts'
import type { HostReport } from './host-report.ts'
import { needsVpn } from './network-words.ts'
import { isLoopbackHost } from './private-address.ts'
import type { Route } from './route.ts'
import { labelOf } from './watched-hosts.ts'

/** The way to everything that is neither this machine nor a host that is followed. */
export interface InternetFacts {
  /** Where the system would send packets for the internet now. */
  readonly route: Route
  /** Names of the providers that the config has there, each once. */
  readonly providers: readonly string[]
  /** ms since the epoch of the last answer from one of them on the way of now; undefined = none yet. */
  readonly answeredAt: number | undefined
}

export interface LineFacts {
  readonly reports: readonly HostReport[]
  /** The same hosts as they are shown, in the same order. */
  readonly hosts: readonly NetworkHostView[]
  readonly interfaces: readonly LocalInterface[]
  readonly backends: readonly Backend[]
  readonly internet: InternetFacts
  readonly machineName: string
}

type PathEnd = NetworkPathView['ends'][number]
type PathHead = Omit<NetworkPathView, 'ends'>

/** Where the lines of the diagram begin. Pure. */
export function machineView({ internet, interfaces, machineName }: LineFacts): NetworkView['machine'] {
  const others = interfaces.filter(({ kind }) => kind !== 'loopback' && kind !== 'virtual')
  const own = internet.route.kind === 'path' ? internet.route.source : others.flatMap(({ addresses }) => addresses)[0]
  return { name: machineName, address: own ?? null }
}

/**
 * The lines of the diagram: loopback, the way to the internet, then the hosts; ends that are reached over the same
 * interface share one line. A way that is lost stands under the interface over which its host was last reached. Pure.
 */
export function pathLines(facts: LineFacts): NetworkPathView[] {
  const lines = new Map<string, { readonly head: PathHead; readonly ends: PathEnd[] }>()
  const add = (head: PathHead, end: PathEnd): void => {
    const key = JSON.stringify([head.kind, head.interface, head.tunnel, head.state])
    const line = lines.get(key) ?? { head, ends: [] }
    lines.set(key, line)
    line.ends.push(end)
  }
  add(loopbackHead(facts.interfaces), localEnd(facts.backends))
  if (facts.internet.providers.length > 0) add(internetHead(facts), internetEnd(facts.internet))
  facts.reports.forEach((report, index) => {
    const host = facts.hosts[index]
    if (host !== undefined)
      add(hostHead(report, host, facts.interfaces), hostEnd(labelOf(report.wish), host, facts.backends))
  })
  return [...lines.values()].map(({ head, ends }) => ({ ...head, since: earliest(head, ends), ends }))
}

function loopbackHead(interfaces: readonly LocalInterface[]): PathHead {
  const own = interfaces.find(({ kind }) => kind === 'loopback')
  return { kind: 'loopback', interface: own?.name ?? null, tunnel: null, state: 'up', since: null }
}

function internetHead({ internet: { route }, interfaces }: LineFacts): PathHead {
  return route.kind === 'path' ? headOf(route, interfaces) : noWay
}

const noWay: PathHead = { kind: 'unknown', interface: null, tunnel: null, state: 'lost', since: null }

function hostHead(
  { wish, memory }: HostReport,
  { state, since }: NetworkHostView,
  interfaces: readonly LocalInterface[],
): PathHead {
  const { route, learned } = memory
  if (state === 'path_lost') {
    const isTunnel = needsVpn({ ...wish, ...memory })
    return {
      kind: isTunnel ? 'tunnel' : learned === undefined ? 'unknown' : 'lan',
      interface: learned?.interface ?? null,
      tunnel: learned?.tunnel ?? (isTunnel ? 'VPN' : null),
      state: 'lost',
      since,
    }
  }
  const head = route?.kind === 'path' ? headOf(route, interfaces) : noWay
  return state === 'path_stalled' ? { ...head, state: 'stalled', since } : head
}

function headOf(route: Extract<Route, { kind: 'path' }>, interfaces: readonly LocalInterface[]): PathHead {
  const kind = interfaces.find(({ name }) => name === route.interface)?.kind
  return {
    kind: route.tunnel !== undefined ? 'tunnel' : (kind ?? 'unknown'),
    interface: route.interface ?? null,
    tunnel: route.tunnel ?? null,
    state: 'up',
    since: null,
  }
}

function localEnd(backends: readonly Backend[]): PathEnd {
  const local = backends.filter(({ url, added }) => added && isLoopbackHost(URL.parse(url)?.hostname ?? ''))
  const up = local.filter(({ state }) => state === 'up')
  return {
    kind: 'local',
    name: 'Local servers',
    address: null,
    state: up.length > 0 ? 'up' : local.length > 0 ? 'service_down' : 'unknown',
    since: null,
    serves: labels(up.length > 0 ? up : local),
  }
}

function internetEnd({ route, providers, answeredAt }: InternetFacts): PathEnd {
  const state = route.kind !== 'path' ? 'path_lost' : answeredAt === undefined ? 'unknown' : 'up'
  return { kind: 'internet', name: 'Internet', address: null, state, since: null, serves: [...providers] }
}

function hostEnd(
  name: string,
  { host, address, state, since, services }: NetworkHostView,
  backends: readonly Backend[],
): PathEnd {
  const there = backends.filter(({ url, added }) => added && URL.parse(url)?.hostname === host)
  const models = [...new Set(services.flatMap(({ usedBy }) => usedBy))]
  return { kind: 'host', name, address, state, since, serves: there.length > 0 ? labels(there) : models }
}

function labels(backends: readonly Backend[]): string[] {
  return [...new Set(backends.map(({ label }) => label))]
}

/** Hosts that share a lost way were lost with it: the first to go tells since when. */
function earliest({ state }: PathHead, ends: readonly PathEnd[]): number | null {
  const times = state === 'up' ? [] : ends.flatMap(({ since }) => since ?? [])
  return times.length === 0 ? null : Math.min(...times)
}
