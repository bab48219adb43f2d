import type { Explanation } from '../contract/routers.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { outline } from './plan.ts'
import type { DimensionScore, RouterDecision, RoutingSnapshot } from './plan-types.ts'

/**
 * Plans a request and tells every step of it; sends nothing. A plan that leads nowhere (no provider key, a backend that is
 * waited for) is told as well: no candidates, and the reason among the warnings. Throws GatewayError as `outline` does.
 */
export function explain(facts: RequestFacts, snapshot: RoutingSnapshot): Explanation {
  const planned = outline(facts, snapshot)
  const refusal = planned.refusal === undefined ? [] : [planned.refusal.message]
  return {
    model: planned.asked,
    ...decisionView(planned.decision),
    candidates: planned.candidates.map(({ deployment, group, chainIndex }) => ({
      model: group,
      deploymentId: deployment.id,
      provider: deployment.provider,
      upstreamModel: deployment.upstreamModel,
      chainIndex,
    })),
    skipped: planned.skipped.map(({ model, reason }) => ({ model, reason })),
    warnings: [...planned.warnings, ...refusal],
  }
}

type DecisionView = Omit<Explanation, 'model' | 'candidates' | 'skipped' | 'warnings'>

const noDecision: DecisionView = {
  router: null,
  tier: null,
  wantedTier: null,
  score: null,
  cause: null,
  reason: null,
  boundaries: null,
  dimensions: [],
}

function decisionView(decision: RouterDecision | undefined): DecisionView {
  if (decision === undefined) return noDecision
  const { router, tier, wantedTier, score, cause, reason, boundaries, dimensions } = decision
  const views = dimensions.map((dimension) => dimensionView(dimension))
  return { router, tier, wantedTier, score, cause, reason, boundaries: { ...boundaries }, dimensions: views }
}

function dimensionView({ name, raw, weight, weighted, fired }: DimensionScore): Explanation['dimensions'][number] {
  return { name, raw, weight, weighted, fired: [...fired] }
}
