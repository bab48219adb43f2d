import type { GatewayConfig } from './config/gateway-config.ts'
import type { SwitchPosition } from './model/switch-position.ts'
import type { RoutingSnapshot } from './routing/plan-types.ts'
import type { SettingsRepository } from './store/settings-repository.ts'
import type { SwitchRepository } from './store/switch-repository.ts'

/** The run-time state that routing depends on besides the config file: switch positions and whether the demo is shown. */
export interface RoutingState {
  readonly demo: () => RoutingSnapshot['demo']
  readonly snapshot: (allowedModels: readonly string[] | undefined) => RoutingSnapshot
  /** In effect once it is stored. */
  readonly setSwitch: (router: string, position: SwitchPosition) => Promise<void>
  /** To be called with every configuration that comes into effect: the first real model ends the demo's listing for good. */
  noteConfig(config: GatewayConfig): Promise<void>
}

export interface RoutingStateDependencies {
  /** What the running gateway knows of its deployments. */
  readonly conditions: Pick<RoutingSnapshot, 'condition' | 'priceOf' | 'bytesPerToken'>
  readonly config: () => GatewayConfig
  readonly switches: SwitchRepository
  readonly settings: SettingsRepository
  readonly random: () => number
  /** ms since the epoch. */
  readonly now: () => number
}

const realModelSeenKey = 'demo.real_model_seen'

export async function loadRoutingState(dependencies: RoutingStateDependencies): Promise<RoutingState> {
  let switches = await dependencies.switches.all()
  let realModelSeen = (await dependencies.settings.get(realModelSeenKey)) === true

  const demo = (): RoutingSnapshot['demo'] => {
    if (dependencies.config().signalbox.demo === 'off') return 'off'
    return realModelSeen ? 'callable' : 'listed'
  }
  return {
    demo,
    snapshot: (allowedModels) => ({
      ...dependencies.conditions,
      now: dependencies.now(),
      config: dependencies.config(),
      switches,
      demo: demo(),
      allowedModels,
      random: dependencies.random(),
    }),
    async setSwitch(router, position) {
      await dependencies.switches.set(router, position)
      const next = new Map(switches)
      if (position.mode === 'auto') next.delete(router)
      else next.set(router, position)
      switches = next
    },
    async noteConfig(config) {
      if (realModelSeen || config.groups.size === 0) return
      realModelSeen = true
      await dependencies.settings.set(realModelSeenKey, true)
    },
  }
}
