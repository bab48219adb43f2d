import type { RouterDefinition } from '../../config/gateway-config.ts'
import type { RouterView } from '../../contract/routers.ts'
import { autoPosition } from '../../model/switch-position.ts'
import { type Tier, tiers } from '../../model/tier.ts'
import { scoringSettings } from '../../routing/complexity/scoring-settings.ts'
import { demoRouter, demoRouterName } from '../../routing/demo-models.ts'
import type { RoutingSnapshot } from '../../routing/plan-types.ts'
import { chooseTier } from '../../routing/tier-choice.ts'

/** The routers as the interface shows them, in file order; the demo router only while it is listed. Pure. */
export function routerViews(
  snapshot: RoutingSnapshot,
  requestsByRouter: ReadonlyMap<string, number>,
): readonly RouterView[] {
  const shown = [...snapshot.config.routers.values()]
  if (snapshot.demo === 'listed' && !snapshot.config.routers.has(demoRouterName)) shown.unshift(demoRouter)
  return shown.map((router) => ({
    name: router.name,
    position: snapshot.switches.get(router.name) ?? autoPosition,
    tiers: tiers.flatMap((tier) => tierView(router, tier)),
    boundaries: scoringSettings(router.complexity).boundaries,
    warnings: tierWarnings(router),
    requestsToday: requestsByRouter.get(router.name) ?? 0,
  }))
}

/** The router of this name that has a switch, be it listed or not. */
export function findRouter(name: string, snapshot: RoutingSnapshot): RouterDefinition | undefined {
  const configured = snapshot.config.routers.get(name)
  if (configured !== undefined) return configured
  return name === demoRouterName && snapshot.demo !== 'off' ? demoRouter : undefined
}

function tierView(router: RouterDefinition, tier: Tier): RouterView['tiers'] {
  const targets = router.tiers[tier]
  if (targets === undefined || targets.length === 0) return []
  return [{ tier, models: targets.map(({ model, state }) => ({ name: model, state })) }]
}

/** What a request would be warned of, tier by tier. */
function tierWarnings(router: RouterDefinition): string[] {
  const warnings = tiers.map((tier) => {
    try {
      return chooseTier(router, tier).warning
    } catch (thrown) {
      return (thrown as Error).message
    }
  })
  return [...new Set(warnings.filter((warning) => warning !== undefined))]
}
