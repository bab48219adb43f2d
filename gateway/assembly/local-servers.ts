import type { ConfigSource } from '../config/config-source.ts'
import { type GatewayBackends, openGatewayBackends } from '../gateway-backends.ts'
import type { BackendList } from '../contract/backends.ts'
import type { GpuList } from '../contract/gpus.ts'
import { openGatewayGpus } from '../gateway-gpus.ts'
import { type GatewayNetwork, openGatewayNetwork } from '../gateway-network.ts'
import type { GatewayOptions } from '../gateway-options.ts'
import type { ActivityFeed } from '../http/control/activity-feed.ts'
import type { SettingsRepository } from '../store/settings-repository.ts'
import type { UpstreamSide } from './upstream-side.ts'

/** Local servers and the paths to them. */
export interface LocalServers {
  readonly network: GatewayNetwork
  readonly backends: GatewayBackends
  /** GPUs of this machine. */
  readonly gpus: () => Promise<GpuList>
  /** Asks paths and servers anew: the paths first, since nothing is asked over one that is lost. */
  readonly refresh: () => Promise<BackendList>
  /** Begins to look. `port` is our own. */
  start(port: number, upstreamSide: UpstreamSide, feed: ActivityFeed): void
}

/** Opens both; nothing is asked before `start`. */
export async function openLocalServers(
  options: GatewayOptions,
  file: ConfigSource,
  settings: SettingsRepository,
  opened: AsyncDisposableStack,
): Promise<LocalServers> {
  const network = await openGatewayNetwork({ settings, logger: options.logger }, opened)
  const backends = openGatewayBackends(options, file, settings, network.reachability, opened)
  return {
    network,
    backends,
    gpus: openGatewayGpus(backends.current, opened),
    refresh: async () => {
      await network.refresh()
      return backends.refresh()
    },
    start(port, { upstream, deployments, isProxied }, feed) {
      backends.start(port)
      network.start({
        upstream,
        isProxied,
        config: backends.config.current,
        onChange: (listener) => backends.config.onChange(listener),
        backends: backends.current,
        isDown: (deployment) => backends.condition(deployment.id) !== undefined,
        onBack: deployments.reached,
        onNews: () => feed.networkChanged(),
      })
    },
  }
}
