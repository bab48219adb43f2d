import type { Backend } from './backends/backend.ts'
import { backendView } from './backends/backend-view.ts'
import { createDiscovery, type Discovery } from './backends/discovery.ts'
import type { HostReachability } from './backends/host-reachability.ts'
import { openListeners } from './backends/listeners/open-listeners.ts'
import { type MergedConfig, mergeModels } from './backends/models/merge-models.ts'
import { createProbeClient } from './backends/probe/probe-client.ts'
import { rememberBackends } from './backends/remember-backends.ts'
import { alignedWait } from './backends/watch/cadence.ts'
import type { ConfigChange, ConfigSource } from './config/config-source.ts'
import type { GatewayConfig } from './config/gateway-config.ts'
import type { BackendList } from './contract/backends.ts'
import type { GatewayOptions } from './gateway-options.ts'
import type { RequestRecord } from './ledger/request-record.ts'
import type { ConditionSource } from './relay/deployments/compose-conditions.ts'
import type { SettingsRepository } from './store/settings-repository.ts'
import { trustSystemAuthorities } from './upstream/certificate-authorities.ts'

/** The local servers of a running gateway, laid over its configuration. */
export interface GatewayBackends {
  /** The configuration with the models that local servers bring; it changes with them, too. */
  readonly config: ConfigSource
  /** Deployments whose server gives no connection. */
  readonly condition: ConditionSource
  /** Of a finished request: one that could not connect has its server looked at. */
  readonly noteRecord: (record: RequestRecord) => void
  readonly list: () => BackendList
  /** The same after everything was asked anew; what takes too long is given as it is known. */
  readonly refresh: () => Promise<BackendList>
  readonly current: () => readonly Backend[]
  /** Begins to look. `port` is our own. */
  start(port: number): void
}

const settingsKey = 'backends.seen'
/** Somebody waits for the answer. */
const longestRefreshMs = 6_000

/** Opens the discovery of local servers; nothing is asked before `start`. */
export function openGatewayBackends(
  { discovery: permission, environment, logger, version }: GatewayOptions,
  file: ConfigSource,
  settings: SettingsRepository,
  reachability: HostReachability,
  opened: AsyncDisposableStack,
): GatewayBackends {
  const client = createProbeClient({
    userAgent: `signalbox/${version} (looks for local models)`,
    monotonic: () => performance.now(),
    trustSystem: trustSystemAuthorities,
  })
  const ownPorts = new Set<number>()
  const kept = { get: () => settings.get(settingsKey), set: settings.set.bind(undefined, settingsKey) }
  const discovery = createDiscovery({
    client,
    listeners: openListeners(process.platform),
    reachability,
    memory: rememberBackends(kept, (failure) =>
      logger.error({ err: failure }, 'the local servers seen could not be kept'),
    ),
    schedule: after,
    now: Date.now,
    random: Math.random,
    environment,
    ownPid: process.pid,
    ownPorts: () => ownPorts,
    ...(typeof permission === 'boolean' ? {} : { onlyPorts: permission }),
  })
  const isLooking = (): boolean => permission !== false && file.current().signalbox.discovery === 'loopback'
  const merged = mergedConfig(file.current, discovery)
  const config = layeredConfig(file, merged, discovery)
  const follow = (): void => {
    discovery.follow({ named: file.current().backends, loopback: isLooking() }).catch((failure: unknown) => {
      logger.error({ err: failure }, 'local servers could not be looked for')
    })
  }
  const list = (): BackendList => {
    discovery.expectNews()
    const backends = discovery.backends().map((backend) => viewOf(backend, reachability))
    return { discovery: isLooking(), backends }
  }
  opened.defer(() => {
    discovery.close()
    client.close()
  })
  return {
    config,
    condition: (deploymentId) => {
      const down = merged().down.get(deploymentId)
      return down === undefined ? undefined : { down }
    },
    noteRecord: (record) => {
      if (discovery.backends().length === 0) return
      const { failed, used } = addressesOf(record, merged().config)
      for (const url of failed) discovery.noteConnectFailure(url)
      for (const url of used) discovery.expectNews(url)
    },
    list,
    refresh: async () => {
      await Promise.race([discovery.refreshed(), waited(longestRefreshMs)])
      return list()
    },
    current: () => discovery.backends(),
    start: (port) => {
      ownPorts.add(port)
      opened.defer(file.onChange(({ changed }) => changed && follow()))
      follow()
    },
  }
}

/** What is wrong with the path to a server comes before what is wrong with the server. */
function viewOf(backend: Backend, reachability: HostReachability): ReturnType<typeof backendView> {
  const view = backendView(backend)
  const remedy = reachability.of(new URL(backend.url).hostname)?.remedy
  return remedy === undefined ? view : { ...view, remedy }
}

/** Merges again only when the configuration or the servers changed. */
function mergedConfig(current: () => GatewayConfig, discovery: Discovery): () => MergedConfig {
  let base: GatewayConfig | undefined
  let backends: readonly Backend[] | undefined
  let merged: MergedConfig | undefined
  return () => {
    if (merged === undefined || base !== current() || backends !== discovery.backends()) {
      base = current()
      backends = discovery.backends()
      merged = mergeModels(base, backends)
    }
    return merged
  }
}

/** The file's configuration as a source that also tells of servers that come and go. */
function layeredConfig(file: ConfigSource, merged: () => MergedConfig, discovery: Discovery): ConfigSource {
  const current = (): GatewayConfig => merged().config
  return {
    ...file,
    current,
    onChange(listener: (change: ConfigChange) => void) {
      const stopFile = file.onChange((change) => listener({ ...change, config: current() }))
      const stopBackends = discovery.onChange(() =>
        listener({ config: current(), changed: true, refused: false, cause: 'backends' }),
      )
      return () => {
        stopFile()
        stopBackends()
      }
    },
  }
}

/** Addresses that a request found without anybody to connect to or at fault as a whole, and those that took it. */
function addressesOf(record: RequestRecord, { groups }: GatewayConfig): { failed: string[]; used: string[] } {
  const idsOf = (wanted: boolean): ReadonlySet<string> =>
    new Set(record.attempts.filter((attempt) => isAtFault(attempt) === wanted).map(({ deploymentId }) => deploymentId))
  const deployments = [...groups.values()].flat()
  const urlsOf = (ids: ReadonlySet<string>): string[] =>
    ids.size === 0 ? [] : deployments.flatMap(({ id, baseUrl }) => (ids.has(id) && baseUrl !== '' ? [baseUrl] : []))
  return { failed: urlsOf(idsOf(true)), used: urlsOf(idsOf(false)) }
}

/** 503 is what a server says that loads; whether it does, it is asked. */
function isAtFault({ outcome, status }: RequestRecord['attempts'][number]): boolean {
  return outcome === 'backend_unavailable' || status === 503
}

function waited(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, ms).unref()
  return promise
}

/** A timer that keeps no process alive and shares its wake-up with others where it can. */
function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, alignedWait(performance.now(), ms)).unref()
  return () => clearTimeout(timer)
}
