import type { AdmissionTarget } from '../../access/admission.ts'
import { toGatewayError } from '../../model/errors.ts'
import { tiers } from '../../model/tier.ts'
import type { Candidate, Plan, RouterDecision } from '../../routing/plan-types.ts'
import { outline } from '../../routing/plan.ts'
import type { PlannedRequest } from './admit-plan.ts'

type Estimate = (target: AdmissionTarget) => number | undefined

interface PricedPlan {
  readonly plan: Plan
  readonly cost: number
}

/**
 * The plan of a router's request as if its switch stood on the tier that costs least, with nothing in it that costs more
 * than that tier; undefined when no tier can answer at a known price.
 */
export function planOnCheapestTier(request: PlannedRequest, estimate: Estimate): Plan | undefined {
  const { decision } = request.plan
  if (decision === undefined) return undefined
  let cheapest: PricedPlan | undefined
  for (const tier of tiers) {
    const priced = planOnTier(request, decision, tier, estimate)
    if (priced !== undefined && (cheapest === undefined || priced.cost < cheapest.cost)) cheapest = priced
  }
  return cheapest === undefined ? undefined : downgraded(request.plan, decision, cheapest, estimate)
}

function planOnTier(
  { facts, snapshot }: PlannedRequest,
  { router }: RouterDecision,
  tier: (typeof tiers)[number],
  estimate: Estimate,
): PricedPlan | undefined {
  const switches = new Map(snapshot.switches).set(router, { mode: 'pinned', tier })
  const plan = outlineOrNothing(() => outline(facts, { ...snapshot, switches }))
  const [first] = plan?.candidates ?? []
  const cost = first === undefined ? undefined : estimate(first)
  return plan === undefined || cost === undefined ? undefined : { plan, cost }
}

/** A tier that cannot be planned for is none that could answer. */
function outlineOrNothing(make: () => Plan): Plan | undefined {
  try {
    return make()
  } catch (thrown) {
    if (toGatewayError(thrown).code === 'internal_error') throw thrown
    return undefined
  }
}

function downgraded(before: Plan, decision: RouterDecision, { plan, cost }: PricedPlan, estimate: Estimate): Plan {
  const tier = plan.decision?.tier ?? decision.tier
  const affordable = (candidate: Candidate): boolean => (estimate(candidate) ?? Number.POSITIVE_INFINITY) <= cost
  const sentence =
    tier === decision.tier
      ? `A budget is used up: the request stays on ${tier}, the cheapest tier of ${decision.router}.`
      : `A budget is used up: ${decision.router} sent the request to ${tier} instead of ${decision.tier}.`
  return {
    ...plan,
    candidates: plan.candidates.filter(affordable),
    onContextWindow: plan.onContextWindow.filter(affordable),
    onContentPolicy: plan.onContentPolicy.filter(affordable),
    waiting: plan.waiting.filter(({ candidate }) => affordable(candidate)),
    decision: { ...decision, tier, reason: `over budget, ${decision.tier} without it` },
    ...(before.features === undefined ? {} : { features: before.features }),
    warnings: [...plan.warnings, sentence],
  }
}
