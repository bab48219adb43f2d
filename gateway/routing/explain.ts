import type { Explanation } from '../contract/routers.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { outline } from './plan.ts'
import { planSentence } from './plan-sentence.ts'
import type { Candidate, DimensionScore, RouterDecision, RoutingSnapshot } from './plan-types.ts'

/**
 * Plans a request and tells every step of it; sends nothing. A plan that leads nowhere (no provider key, a backend that is
 * waited for) is told as well: no candidates, and the reason among the warnings. Throws GatewayError as `outline` does.
 */
export function explain(facts: RequestFacts, snapshot: RoutingSnapshot): Explanation {
  const planned = outline(facts, snapshot)
  const { strategy } = snapshot.config.routing
  const refusal = planned.refusal === undefined ? [] : [planned.refusal.message]
  return {
    model: planned.asked,
    role: planned.role ?? null,
    ...decisionView(planned.decision),
    summary: planSentence(planned, strategy),
    strategy,
    failFast: planned.failFast,
    candidates: planned.candidates.map((candidate) => candidateView(candidate)),
    onContextWindow: planned.onContextWindow.map((candidate) => candidateView(candidate)),
    onContentPolicy: planned.onContentPolicy.map((candidate) => candidateView(candidate)),
    waiting: planned.waiting.map(({ candidate: { group, deployment }, until }) => ({
      model: group,
      deploymentId: deployment.id,
      until: until ?? null,
    })),
    skipped: planned.skipped.map(({ model, deploymentId, reason }) => ({
      model,
      deploymentId: deploymentId ?? null,
      reason,
    })),
    warnings: [...planned.warnings, ...refusal],
  }
}

function candidateView({ deployment, group, chainIndex }: Candidate): Explanation['candidates'][number] {
  const { id: deploymentId, provider, upstreamModel } = deployment
  return { model: group, deploymentId, provider, upstreamModel, chainIndex }
}

type DecisionView = Pick<
  Explanation,
  'router' | 'tier' | 'wantedTier' | 'score' | 'cause' | 'reason' | 'boundaries' | 'dimensions'
>

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
