import type { NetworkHostView, NetworkView, StandInView } from '../../contract/network.ts'
import type { Backend } from '../backend.ts'
import { isLost, portState } from './host-machine.ts'
import type { LocalInterface } from './interfaces.ts'
import type { HostReport } from './host-report.ts'
import { needsVpn } from './network-words.ts'
import { type InternetFacts, machineView, pathLines } from './path-lines.ts'
import { serviceState, type ServiceState } from './service-state.ts'
import { labelOf, portOf } from './watched-hosts.ts'

export interface NetworkFacts {
  readonly reports: readonly HostReport[]
  readonly interfaces: readonly LocalInterface[]
  readonly backends: readonly Backend[]
  readonly source: string
  readonly internet: InternetFacts
  readonly machineName: string
  readonly standIns: readonly StandInView[]
  /** ms since the epoch. */
  readonly now: number
}

/** The network as people and scripts see it. Pure. */
export function networkView(facts: NetworkFacts): NetworkView {
  const { reports, interfaces, backends, source, now } = facts
  const hosts = reports.map((report) => hostView(report, backends, now))
  return {
    vpn: vpnView(reports),
    machine: machineView({ ...facts, hosts }),
    paths: pathLines({ ...facts, hosts }),
    standIns: [...facts.standIns],
    hosts,
    interfaces: interfaces.map(({ name, kind, tunnel, addresses, carrier }) => ({
      name,
      kind,
      tunnel: tunnel ?? null,
      addresses: [...addresses],
      carrier: carrier ?? null,
      hosts: hosts.filter(({ path }) => path?.interface === name).map(({ host }) => host),
    })),
    source,
  }
}

function hostView(
  { wish, address, memory, words, since }: HostReport,
  backends: readonly Backend[],
  now: number,
): NetworkHostView {
  const { route, learned } = memory
  const services = wish.ports.map((port) => {
    const backend = backends.find(({ url }) => isAt(url, wish.host, port))
    return {
      port,
      usedBy: wish.usedBy.filter(
        (name) => backend === undefined || name === backend.name || !isBackendName(name, backends),
      ),
      state: serviceState(portState(memory, port).state, backend, now),
      reason: backend?.reason,
    }
  })
  const state = isLost(memory.state)
    ? memory.state
    : best(
        services.map((service) => service.state),
        memory.state,
      )
  const own = services.find((service) => service.state === state)?.reason
  const learnedKind = learned === undefined ? null : learned.tunnel === undefined ? ('lan' as const) : ('vpn' as const)
  return {
    host: wish.host,
    address: address ?? null,
    state,
    reason: state === 'up' ? null : (words?.reason ?? own ?? null),
    remedy: state === 'up' ? null : (words?.remedy ?? null),
    network: wish.network ?? learnedKind,
    networkSource: wish.network !== undefined ? 'config' : learnedKind === null ? null : 'learned',
    path:
      route?.kind === 'path'
        ? { source: route.source, interface: route.interface ?? null, tunnel: route.tunnel ?? null }
        : null,
    since: since ?? null,
    lastUpAt: memory.lastUpAt ?? null,
    services: services.map(({ port, usedBy, state: each }) => ({ port, usedBy, state: each })),
  }
}

/** One server that is there makes a host worth using. */
const order: readonly ServiceState[] = ['up', 'busy', 'starting', 'auth', 'impostor', 'service_down']

function best(states: readonly ServiceState[], otherwise: ServiceState): ServiceState {
  return order.find((state) => states.includes(state)) ?? otherwise
}

function isAt(url: string, host: string, port: number): boolean {
  const place = URL.parse(url)
  return place !== null && place.hostname === host && portOf(place) === port
}

function isBackendName(name: string, backends: readonly Backend[]): boolean {
  return backends.some((backend) => backend.name === name)
}

/** The tunnel as a whole: what most matters is what a person can do about it. */
function vpnView(reports: readonly HostReport[]): NetworkView['vpn'] {
  const needing = reports.filter(({ wish, memory }) => needsVpn({ ...wish, ...memory }))
  const neededBy = needing.map(({ wish }) => wish.host)
  if (needing.length === 0) return { state: 'not_needed', sentence: null, neededBy }
  const off = needing.filter(({ memory }) => memory.state === 'path_lost')
  const stalled = needing.find(({ memory }) => memory.state === 'path_stalled')
  if (off.length > 0) {
    const hosts = off.map(({ wish }) => labelOf(wish))
    const make = off
      .map(({ memory }) => memory.learned?.tunnel)
      .find((tunnel) => tunnel !== undefined && tunnel !== 'VPN')
    return {
      state: 'off',
      sentence: `VPN off: reconnect${make === undefined ? '' : ` ${make}`} to use ${list(hosts)}`,
      neededBy,
    }
  }
  const sentence = stalled?.words?.reason
  return sentence === undefined ? { state: 'on', sentence: null, neededBy } : { state: 'stalled', sentence, neededBy }
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}
