import { hostname } from 'node:os'
import type { Backend } from './backends/backend.ts'
import type { HostReachability } from './backends/host-reachability.ts'
import { probeConnection } from './backends/network/connect-probe.ts'
import { networkEventsOf } from './backends/network/events/event-programs.ts'
import { isLost } from './backends/network/host-machine.ts'
import { createInternet } from './backends/network/internet.ts'
import { createInterfaceSource, sharedInterfaces } from './backends/network/interfaces.ts'
import { createNetworkWatch, type NetworkWatch } from './backends/network/network-watch.ts'
import { networkView } from './backends/network/network-view.ts'
import { rememberPaths } from './backends/network/remember-paths.ts'
import { lookupName } from './backends/network/resolve-name.ts'
import { openSocketSigns } from './backends/network/proc-sockets.ts'
import { createRequestWitness } from './backends/network/request-witness.ts'
import { createRouteLookup } from './backends/network/route-lookup.ts'
import { createSilenceWatch, type SilenceWatch } from './backends/network/silence-watch.ts'
import { standIns } from './backends/network/stand-ins.ts'
import { type KnownServer, portOf, watchedHosts } from './backends/network/watched-hosts.ts'
import type { Deployment, GatewayConfig, NamedBackend } from './config/gateway-config.ts'
import type { NetworkView } from './contract/network.ts'
import type { Logger } from './logging/logger.ts'
import type { ModelListReader } from './providers/model-list.ts'
import type { ConditionSource } from './relay/deployments/compose-conditions.ts'
import type { SettingsRepository } from './store/settings-repository.ts'
import type { UpstreamDispatcher } from './upstream/dispatch.ts'
import type { UpstreamWitness } from './upstream/traffic.ts'

/** The paths to the hosts of a running gateway. */
export interface GatewayNetwork {
  /** For the discovery of local servers. */
  readonly reachability: HostReachability
  /** Deployments whose host or port cannot be reached. */
  readonly condition: ConditionSource
  /** Hears what connections of requests come to. */
  readonly witness: UpstreamWitness
  /** True for a host whose path is followed. */
  readonly isFollowed: (host: string) => boolean
  readonly view: () => Promise<NetworkView>
  /** Asks everything anew. */
  readonly refresh: () => Promise<void>
  /** Upstreams whose host is lost are not asked. */
  readonly guarded: (read: ModelListReader) => ModelListReader
  /** Begins to follow; from then on it goes with the configuration and the servers. */
  start(parts: NetworkParts): void
}

export interface NetworkParts {
  readonly config: () => GatewayConfig
  /** Configuration or servers changed. */
  readonly onChange: (listener: () => void) => () => void
  readonly backends: () => readonly Backend[]
  readonly upstream: Pick<UpstreamDispatcher, 'drop' | 'quietMs'>
  /** True for addresses that are reached through a proxy: nothing is known of their path. */
  readonly isProxied: (url: string) => boolean
  /** True for a deployment whose server gives no connection. */
  readonly isDown: (deployment: Deployment) => boolean
  /** These are reached again after their host was lost. */
  readonly onBack: (deployments: readonly Deployment[]) => void
  /** Anything that `view` gives has changed. */
  readonly onNews: () => void
}

export interface GatewayNetworkDependencies {
  readonly settings: SettingsRepository
  readonly logger: Logger
}

const settingsKey = 'network.paths'

/** Opens what follows the network. Nothing is asked before `start`. */
export async function openGatewayNetwork(
  { settings, logger }: GatewayNetworkDependencies,
  opened: AsyncDisposableStack,
): Promise<GatewayNetwork> {
  const kept = { get: () => settings.get(settingsKey), set: settings.set.bind(undefined, settingsKey) }
  const memory = rememberPaths(kept, (failure) => logger.error({ err: failure }, 'paths could not be kept'))
  const interfaces = sharedInterfaces(createInterfaceSource())
  let parts: NetworkParts | undefined
  const route = createRouteLookup({ interfaces })
  const traffic = (host: string): { readonly quietMs: number } | undefined => {
    const quietMs = parts?.upstream.quietMs(host)
    return quietMs === undefined ? undefined : { quietMs }
  }
  const watch = createNetworkWatch({
    route,
    resolve: lookupName,
    probe: probeConnection,
    events: networkEventsOf(process.platform),
    now: Date.now,
    schedule: after,
    traffic,
    drop: (host, reason) => parts?.upstream.drop(host, reason),
    known: await memory.load(),
    save: (known) => memory.save(known),
    onTurn: (host, { state }, words) => {
      if (isLost(state)) logger.warn({ host, state, reason: words?.reason }, 'a host is lost')
      else logger.info({ host, state }, 'the state of a host')
      if (!isLost(state) && state !== 'service_down' && parts !== undefined)
        parts.onBack(deploymentsAt(parts.config(), host))
    },
  })
  const silence = openSilence(watch, traffic)
  opened.defer(() => {
    silence?.close()
    watch.close()
  })
  const condition = conditionOf(watch, () => parts?.config())
  const internet = createInternet({ route, isFollowed: (host) => watch.report(host) !== undefined, now: Date.now })
  return {
    reachability: reachabilityOf(watch),
    condition,
    witness: createRequestWitness(
      {
        note: (host, contact) => watch.note(host, contact),
        began: (host) => {
          watch.began(host)
          silence?.began(host)
        },
      },
      internet.answered,
    ),
    isFollowed: (host) => watch.report(host) !== undefined,
    view: async () =>
      networkView({
        reports: watch.reports(),
        interfaces: await interfaces.list(),
        backends: parts?.backends() ?? [],
        source: watch.source,
        internet: await internet.facts(parts?.config()),
        machineName: hostname(),
        standIns: parts === undefined ? [] : standInsNow(parts, condition, watch),
        now: Date.now(),
      }),
    refresh: () => watch.refresh(),
    guarded: (read) => (deployment) => {
      const reason = lostReason(watch, deployment.baseUrl)
      return reason === undefined ? read(deployment) : Promise.resolve({ kind: 'unreachable', reason })
    },
    start: (given) => {
      parts = given
      const follow = (): void => {
        const { config, backends, isProxied } = given
        for (const backend of backends()) noteBackend(watch, backend)
        watch.follow(watchedHosts(config(), serversOf(config().backends, backends()), isProxied))
      }
      opened.defer(given.onChange(follow))
      opened.defer(watch.onChange(given.onNews))
      follow()
    },
  }
}

/** Undefined where the system does not tell of packets that are not acknowledged: slower ways find it out there. */
function openSilence(
  watch: NetworkWatch,
  traffic: (host: string) => { readonly quietMs: number } | undefined,
): SilenceWatch | undefined {
  const signs = openSocketSigns(process.platform)
  if (signs === undefined) return undefined
  return createSilenceWatch({
    signs,
    probe: probeConnection,
    now: Date.now,
    schedule: after,
    traffic,
    place: (host) => {
      const report = watch.report(host)
      const port = report?.wish.ports[0]
      if (report?.address === undefined || port === undefined || report.memory.state !== 'up') return undefined
      return { address: report.address, port, usualMs: report.usualMs }
    },
    onSilent: (host) => watch.fellSilent(host),
  })
}

function reachabilityOf(watch: NetworkWatch): HostReachability {
  return {
    of: (host) => {
      const report = watch.report(host)
      if (report === undefined || !isLost(report.memory.state)) return undefined
      if (report.words === undefined) return { state: 'down', reason: 'cannot be reached' }
      const { reason, remedy } = report.words
      return { state: 'down', reason: `cannot be reached: ${reason}`, remedy }
    },
    onChange: (listener) => watch.onChange(listener),
  }
}

/** Asked for every candidate of every plan: where a deployment lives is read once per configuration. */
function conditionOf(watch: NetworkWatch, config: () => GatewayConfig | undefined): ConditionSource {
  let read: GatewayConfig | undefined
  let places = new Map<string, { readonly host: string; readonly port: number }>()
  return (deploymentId) => {
    const current = config()
    if (current === undefined) return undefined
    if (current !== read) {
      read = current
      places = placesOf(current)
    }
    const place = places.get(deploymentId)
    const port = place === undefined ? undefined : watch.port(place.host, place.port)
    if (port === undefined || !(isLost(port.state) || port.state === 'service_down')) return undefined
    return { down: { reason: `is down: ${port.words?.reason ?? 'it cannot be reached'}` } }
  }
}

function placesOf({ groups }: GatewayConfig): Map<string, { readonly host: string; readonly port: number }> {
  const places = new Map<string, { readonly host: string; readonly port: number }>()
  for (const { id, baseUrl } of [...groups.values()].flat()) {
    const url = URL.parse(baseUrl)
    if (url !== null) places.set(id, { host: url.hostname, port: portOf(url) })
  }
  return places
}

function deploymentsAt({ groups }: GatewayConfig, host: string): Deployment[] {
  return [...groups.values()].flat().filter(({ baseUrl }) => URL.parse(baseUrl)?.hostname === host)
}

function standInsNow(
  { config, isDown }: NetworkParts,
  condition: ConditionSource,
  watch: NetworkWatch,
): ReturnType<typeof standIns> {
  return standIns({
    config: config(),
    isLost: ({ baseUrl }) => lostReason(watch, baseUrl) !== undefined,
    isDown: (deployment) => isDown(deployment) || condition(deployment.id) !== undefined,
  })
}

function lostReason(watch: NetworkWatch, url: string): string | undefined {
  const place = URL.parse(url)
  const report = place === null ? undefined : watch.report(place.hostname)
  return report !== undefined && isLost(report.memory.state) ? report.words?.reason : undefined
}

/** A server that answers its probes proves the path, too. */
function noteBackend(watch: NetworkWatch, { url, state, lastSeenAt }: Backend): void {
  const place = URL.parse(url)
  if (place === null || state !== 'up' || lastSeenAt === undefined || Date.now() - lastSeenAt > freshMs) return
  watch.note(place.hostname, { port: portOf(place), kind: 'open' })
}

const freshMs = 1_000

function serversOf(named: readonly NamedBackend[], backends: readonly Backend[]): KnownServer[] {
  const written = named
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, place, network }) =>
      place.kind === 'url' ? [{ name, url: place.url, network, named: true }] : [],
    )
  const found = backends.map(({ name, url, network, source }) => ({ name, url, network, named: source === 'config' }))
  return [...written, ...found]
}

/** A timer that keeps no process alive. */
function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms).unref()
  return () => clearTimeout(timer)
}
