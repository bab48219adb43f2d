import type { Deployment } from '../../config/gateway-config.ts'
import type { DeploymentQuotaView } from '../../contract/quotas.ts'
import type { LimitView } from '../../relay/deployments/limit-view.ts'
import type { DeploymentCondition } from '../../routing/plan-types.ts'

/** One deployment for `GET /api/quotas`. `condition` undefined = never used. `now` in ms since the epoch. Pure. */
export function quotaView(
  deployment: Deployment,
  condition: DeploymentCondition | undefined,
  limits: readonly LimitView[],
  now: number,
): DeploymentQuotaView {
  return {
    model: deployment.modelName,
    deploymentId: deployment.id,
    provider: deployment.provider,
    upstreamModel: deployment.upstreamModel,
    inFlight: condition?.inFlight ?? 0,
    ...stateOf(condition, now),
    firstTokenMs: condition?.firstTokenMs ?? null,
    slow: condition?.slow ?? false,
    limits: limits.map(({ limit, most, used, left, resetsAt, knownFrom }) => ({
      limit,
      most: most ?? null,
      used: used ?? null,
      left,
      resetsAt: resetsAt ?? null,
      knownFrom,
    })),
  }
}

type State = Pick<DeploymentQuotaView, 'state' | 'reason' | 'until'>

/** The reason that waiting cures least comes first. */
function stateOf(condition: DeploymentCondition | undefined, now: number): State {
  const { down, overBudget, cooledUntil, cooledBy, full } = condition ?? {}
  if (down !== undefined) return { state: 'down', reason: `It ${down.reason}.`, until: null }
  if (overBudget !== undefined) return { state: 'over_budget', reason: `${overBudget.reason}.`, until: null }
  if (cooledUntil !== undefined && cooledUntil > now) {
    const why = cooledBy === 'rate_limit' ? 'Its provider asked to wait' : 'It failed too often'
    return { state: 'cooling', reason: `${why}; it is left out until its pause is over.`, until: cooledUntil }
  }
  if (full !== undefined) return { state: 'full', reason: `No room left in ${full.limit}.`, until: full.until ?? null }
  return { state: 'ready', reason: null, until: null }
}
