import type { DeliverySettings } from '../../gateway/config/delivery-settings.ts'
import type { GatewayConfig } from '../../gateway/config/gateway-config.ts'

type DeliveryParts =
  | 'contextWindowFallbacks'
  | 'contentPolicyFallbacks'
  | 'retryPolicy'
  | 'routing'
  | 'cooldown'
  | 'tagFiltering'
  | 'preCallChecks'
  | 'budgets'

/** The delivery parts of a configuration that says nothing about them. */
export const quietDelivery: Pick<GatewayConfig, DeliveryParts> = {
  contextWindowFallbacks: new Map(),
  contentPolicyFallbacks: new Map(),
  retryPolicy: { general: {}, byGroup: new Map(), retryAfterMs: 0 },
  routing: {
    strategy: 'simple-shuffle',
    strategyArgs: { ttlMs: 3_600_000, lowestLatencyBuffer: 0, maxLatencyListSize: 10 },
  },
  cooldown: { allowedFails: 3, cooldownMs: 5000, disabled: false, allowedFailsPolicy: {} },
  tagFiltering: { enabled: false, matchAny: true },
  preCallChecks: true,
  budgets: {
    keyRules: { defaults: {}, most: {} },
    parallel: { gateway: null, eachKey: null },
    global: undefined,
    providers: new Map(),
    tags: new Map(),
    onLimit: 'block',
    unknownPrice: 'refuse',
    timeZone: 'UTC',
  },
}

/** The same for our own block. */
export const quietSignalbox: DeliverySettings = {
  fallbacks: { maxCostRatio: undefined },
  hedgeAfterMs: undefined,
  hedgeTools: false,
  midStream: 'error',
  queueMs: 0,
  healthChecks: { scope: 'local', intervalMs: 60_000 },
}
