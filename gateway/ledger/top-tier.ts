import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'
import { tiers } from '../model/tier.ts'

/** The first deployment of a router's highest configured tier; undefined when there is no such router or nothing is there yet. */
export function topTierOf(config: GatewayConfig, router: string): Deployment | undefined {
  const definition = config.routers.get(router)
  if (definition === undefined) return undefined
  for (const tier of tiers.toReversed()) {
    const target = definition.tiers[tier]?.[0]
    if (target === undefined) continue
    const name = config.aliases.get(target.model)?.group ?? target.model
    return config.groups.get(name)?.[0]
  }
  return undefined
}
