import type { PlanBuilder } from './plan-builder.ts'
import { addTargets, type RouterModel } from './plan-targets.ts'
import type { RouterDecision, RoutingSnapshot } from './plan-types.ts'
import { otherTiers } from './tier-choice.ts'

/**
 * For a request that is too long for its tier: adds the nearest tier above, then below, that has room, as for a tier that
 * is not configured. Gives the decision with that tier and its groups; undefined when a person pinned the tier or none has room.
 */
export function addRoomierTier(
  asked: RouterModel,
  decision: RouterDecision,
  snapshot: RoutingSnapshot,
  builder: PlanBuilder,
): { readonly decision: RouterDecision; readonly chosen: readonly string[] } | undefined {
  if (decision.cause === 'pinned') return undefined
  for (const tier of otherTiers(asked.router, decision.tier)) {
    const chosen = addTargets(
      asked,
      asked.router.tiers[tier] ?? [],
      { chainIndex: 0, costLimit: undefined },
      snapshot,
      builder,
    )
    if (builder.candidates.length === 0) continue
    builder.warn(`Router ${asked.name}: the request is too long for ${decision.tier}, ${tier} is used instead.`)
    return { decision: { ...decision, tier }, chosen }
  }
  return undefined
}
