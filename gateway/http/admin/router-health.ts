import type { Deployment, GatewayConfig, RouterDefinition } from '../../config/gateway-config.ts'
import { tiers } from '../../model/tier.ts'

/**
 * A router's health, from the models of its tiers; it is never asked itself. A tier is healthy while one of its models is.
 * Pure.
 */
export function routerHealth(
  router: RouterDefinition,
  config: Pick<GatewayConfig, 'groups' | 'aliases'>,
  isHealthy: (deployment: Deployment) => boolean,
) {
  const modelHealth = (model: string): boolean => {
    const group = config.groups.get(config.aliases.get(model)?.group ?? model) ?? []
    return group.some((deployment) => isHealthy(deployment))
  }
  const views = tiers.flatMap((tier) => {
    const models = (router.tiers[tier] ?? []).map(({ model }) => ({ model, healthy: modelHealth(model) }))
    return models.length === 0 ? [] : [{ tier, healthy: models.some(({ healthy }) => healthy), models }]
  })
  const broken = views.filter(({ healthy }) => !healthy).map(({ tier }) => tier)
  return {
    model_name: router.name,
    healthy: broken.length === 0,
    tiers: views,
    ...(broken.length === 0 ? {} : { error: `No model of ${broken.join(', ')} is healthy.` }),
  }
}
