import type { Deployment, GatewayConfig } from '../../config/gateway-config.ts'
import type { StandInView } from '../../contract/network.ts'
import type { Tier } from '../../model/tier.ts'

export interface StandInFacts {
  readonly config: Pick<GatewayConfig, 'groups' | 'selectors' | 'routers' | 'fallbacks'>
  /** True for a deployment on a host that cannot be reached. */
  readonly isLost: (deployment: Deployment) => boolean
  /** True for a deployment that cannot be used now, for whatever reason. */
  readonly isDown: (deployment: Deployment) => boolean
}

/**
 * What answers in each tier whose first model is on a lost host: the next of its chain that is there, else a fallback of the
 * first. Pure.
 */
export function standIns({ config, isLost, isDown }: StandInFacts): StandInView[] {
  const { groups, selectors, routers, fallbacks } = config
  const deployments = (model: string): readonly Deployment[] => groups.get(model) ?? selectors?.get(model) ?? []
  const answers = (model: string): boolean => deployments(model).some((each) => !isDown(each))
  return [...routers.values()].flatMap((router) =>
    (Object.entries(router.tiers) as [Tier, readonly { readonly model: string }[]][]).flatMap(([tier, chain]) => {
      const [first, ...others] = chain.map(({ model }) => model)
      if (first === undefined || answers(first) || !deployments(first).some((each) => isLost(each))) return []
      const next = [...others, ...(fallbacks.get(first) ?? fallbacks.get('*') ?? [])].find((model) => answers(model))
      return [{ router: router.name, tier, insteadOf: first, model: next ?? null }]
    }),
  )
}
