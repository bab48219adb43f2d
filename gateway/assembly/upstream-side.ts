import type { ConfigSource } from '../config/config-source.ts'
import type { GatewayOptions } from '../gateway-options.ts'
import { type GatewayDeployments, openGatewayDeployments } from '../gateway-deployments.ts'
import type { GatewayNetwork } from '../gateway-network.ts'
import type { Logger } from '../logging/logger.ts'
import { createModelEntriesReader, createModelListReader, type ModelEntriesReader } from '../providers/model-list.ts'
import { createProviderSync, type ProviderSync } from '../providers/sync/provider-sync.ts'
import type { ConditionSource } from '../relay/deployments/compose-conditions.ts'
import { trustSystemAuthorities } from '../upstream/certificate-authorities.ts'
import { type ProxySettings, readProxySettings } from '../upstream/proxy-settings.ts'
import { createUpstreamDispatcher, type UpstreamDispatcher } from '../upstream/dispatch.ts'
import type { Storage } from './storage.ts'

/** The proxies that the environment names. What it cannot mean is told once. */
function openProxies(environment: GatewayOptions['environment'], logger: Logger): ProxySettings {
  const proxies = readProxySettings(environment)
  for (const problem of proxies.problems) logger.warn({}, problem)
  if (proxies.named.length > 0) logger.info({ proxies: proxies.named }, 'upstreams are called through a proxy')
  return proxies
}

export interface UpstreamSide {
  readonly upstream: UpstreamDispatcher
  readonly deployments: GatewayDeployments
  /** True for addresses that are reached through a proxy. */
  readonly isProxied: (url: string) => boolean
  readonly providerSync: ProviderSync
  readonly readEntries: ModelEntriesReader
}

/** The way to upstreams, and what is known of those that the config names. */
export async function openUpstreamSide(
  { environment, logger, version }: GatewayOptions,
  config: ConfigSource,
  { dayUses, settings }: Storage,
  sources: readonly ConditionSource[],
  { witness, guarded, isFollowed }: Pick<GatewayNetwork, 'witness' | 'guarded' | 'isFollowed'>,
  opened: AsyncDisposableStack,
): Promise<UpstreamSide> {
  const proxies = openProxies(environment, logger)
  const upstream = createUpstreamDispatcher({
    proxies,
    trustSystem: trustSystemAuthorities,
    witness,
    asksForLife: isFollowed,
  })
  opened.defer(() => upstream.destroy())
  const lists = { upstream, userAgent: `signalbox/${version}` }
  const readList = guarded(createModelListReader(lists))
  const deployments = await openGatewayDeployments({ config, dayUses, settings, readList, logger, sources }, opened)
  const isProxied = (url: string): boolean => proxies.proxyFor(url) !== undefined
  const readEntries = createModelEntriesReader(lists)
  const providerSync = createProviderSync({
    config: config.current,
    editor: config.editor,
    readEntries,
    onList: deployments.noteList,
  })
  return { upstream, deployments, providerSync, readEntries, isProxied }
}
