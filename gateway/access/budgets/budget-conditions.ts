import type { Budget } from '../../config/budget-settings.ts'
import type { GatewayConfig } from '../../config/gateway-config.ts'
import { usdText } from '../../model/money-text.ts'
import { deploymentScope, providerScope } from './budget-scopes.ts'
import type { MeterTable } from './meter-table.ts'

/** The part of a deployment's condition that budgets know. */
export interface BudgetCondition {
  readonly overBudget: { readonly reason: string }
}

interface BudgetedDeployment {
  readonly scope: string
  readonly budget: Budget
  readonly owner: string
}

/**
 * Tells of a deployment whose budget, or whose provider's, has no room left, so that no plan leads to it. Undefined for
 * any other, at the cost of one look-up.
 */
export function createBudgetConditions(
  meters: MeterTable,
  config: () => GatewayConfig,
  now: () => number,
): (deploymentId: string) => BudgetCondition | undefined {
  let known:
    | { readonly config: GatewayConfig; readonly deployments: ReadonlyMap<string, BudgetedDeployment[]> }
    | undefined

  return (deploymentId) => {
    const current = config()
    if (known?.config !== current) known = { config: current, deployments: budgetedDeployments(current) }
    for (const { scope, budget, owner } of known.deployments.get(deploymentId) ?? []) {
      const { spent, reserved } = meters.at(scope, budget.duration, now())
      const isFull = spent >= budget.maxNanoUsd || (reserved > 0 && spent + reserved >= budget.maxNanoUsd)
      if (!isFull) continue
      const amounts = `${usdText(spent)} of ${usdText(budget.maxNanoUsd)} USD`
      return { overBudget: { reason: `has used up the budget of ${owner} (${amounts})` } }
    }
    return undefined
  }
}

function budgetedDeployments({ groups, budgets }: GatewayConfig): ReadonlyMap<string, BudgetedDeployment[]> {
  const found = new Map<string, BudgetedDeployment[]>()
  for (const { id, provider, budget: own } of [...groups.values()].flat()) {
    const ofProvider = budgets.providers.get(provider)
    const entries: BudgetedDeployment[] = []
    if (ofProvider !== undefined) {
      entries.push({ scope: providerScope(provider), budget: ofProvider, owner: `its provider ${provider}` })
    }
    if (own !== undefined) entries.push({ scope: deploymentScope(id), budget: own, owner: 'this deployment' })
    if (entries.length > 0) found.set(id, entries)
  }
  return found
}
