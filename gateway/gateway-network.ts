import { hostname } from 'node:os'
import { conditionOf, deploymentsAt, lostReason, reachabilityOf, standInsNow } from './assembly/network-conditions.ts'
import { openSilence } from './assembly/open-silence.ts'
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
import { createNameLookup } from './backends/network/resolve-name.ts'
import { createRequestWitness } from './backends/network/request-witness.ts'
import { createRouteLookup } from './backends/network/route-lookup.ts'
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
    resolve: createNameLookup(),
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
  const silence = openSilence(watch, traffic, after)
  opened.defer(() => {
    silence?.close()
    watch.close()
  })
  const condition = conditionOf(watch, () => parts?.config())
  const isFollowed = (host: string): boolean => watch.report(host) !== undefined
  const internet = createInternet({ route, isFollowed, now: Date.now })
  return {
    reachability: reachabilityOf(watch),
    condition,
    witness: createRequestWitness(watch, { answered: internet.answered, began: (host) => silence?.began(host) }),
    isFollowed,
    view: async () =>
      networkView({
        reports: watch.reports(),
        interfaces: await interfaces.list(),
        backends: parts?.backends() ?? [],
        source: watch.source,
        internet: await internet.facts(parts?.config()),
        machineName: hostname(),
        standIns: parts === undefined ? [] : standInsNow(watch, parts.config(), condition, parts.isDown),
        now: Date.now(),
      }),
    refresh: () => watch.refresh(),
    guarded: (read) => (deployment) => {
      const reason = lostReason(watch, deployment.baseUrl)
      return reason === undefined ? read(deployment) : Promise.resolve({ kind: 'unreachable', reason })
    },
    start: (given) => {
      parts = given
      startFollowing(watch, given, opened)
    },
  }
}

function startFollowing(watch: NetworkWatch, parts: NetworkParts, opened: AsyncDisposableStack): void {
  const { config, backends, isProxied } = parts
  const follow = (): void => {
    for (const backend of backends()) noteBackend(watch, backend)
    watch.follow(watchedHosts(config(), serversOf(config().backends, backends()), isProxied))
  }
  opened.defer(
    parts.onChange(() => {
      follow()
      // What a server says of itself is part of the view.
      parts.onNews()
    }),
  )
  opened.defer(watch.onChange(parts.onNews))
  follow()
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
    .map(({ name, place, network }) =>
      place.kind === 'url'
        ? { name, url: place.url, network, named: true }
        : // Which of its ports are worth a connection is known once a server was found there.
          { name, url: `http://${place.host}`, network, named: true, hasPort: false },
    )
  const found = backends.map(({ name, url, network, source }) => ({ name, url, network, named: source === 'config' }))
  return [...written, ...found]
}

/** A timer that keeps no process alive. */
function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms).unref()
  return () => clearTimeout(timer)
}
