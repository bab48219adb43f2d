import type { Budget } from '../../config/budget-settings.ts'
import type { GatewayConfig } from '../../config/gateway-config.ts'
import type { SharedBudgetView } from '../../contract/quotas.ts'
import type { StoredKey } from '../stored-key.ts'
import { usdText } from '../../model/money-text.ts'
import { ownerOf } from './applying-budgets.ts'
import { deploymentScope, globalScope, keyModelScope, keyScope, providerScope, tagScope } from './budget-scopes.ts'
import type { Meter } from './meter.ts'
import type { MeterTable } from './meter-table.ts'

/** What a key has spent under its budgets. Money in nano-USD, times in ms since the epoch. */
export interface KeyBudgetView {
  /** Since its budget last started anew; in all, for a key without a budget duration. */
  readonly spent: number
  readonly resetsAt: number | undefined
  /** By model, for the models that have a budget of their own. */
  readonly models: Readonly<Record<string, { readonly spent: number; readonly resetsAt: number | undefined }>>
}

/** Reads the budgets of keys from the meters in use. */
export interface BudgetViews {
  of(key: StoredKey): KeyBudgetView
  /** Soft budgets that are used up, one sentence each. */
  notices(keys: readonly StoredKey[]): readonly string[]
  /** The budgets of the config: of the gateway, providers, tags and deployments. */
  shared(config: Pick<GatewayConfig, 'budgets' | 'groups'>): readonly SharedBudgetView[]
}

export function createBudgetViews(meters: MeterTable, now: () => number): BudgetViews {
  const keyMeter = ({ id, settings }: StoredKey): Meter => meters.at(keyScope(id), settings.budgetDuration, now())

  return {
    of(key) {
      const { spent, resetsAt } = keyMeter(key)
      const models = Object.entries(key.settings.modelBudgets).map(([model, budget]) => {
        const meter = meters.at(keyModelScope(key.id, model), budget.duration, now())
        return [model, { spent: meter.spent, resetsAt: meter.resetsAt }] as const
      })
      return { spent, resetsAt, models: Object.fromEntries(models) }
    },
    shared: (config) =>
      sharedBudgets(config).map(({ scope, budget, ...whose }) => {
        const { spent, resetsAt } = meters.at(scope, budget.duration, now())
        return { ...whose, budget: { ...budget, spentNanoUsd: spent, resetsAt: resetsAt ?? null } }
      }),
    notices: (keys) => keys.flatMap((key) => softBudgetNotice(key, keyMeter(key)) ?? []),
  }
}

type SharedBudget = Pick<SharedBudgetView, 'of' | 'name' | 'deploymentId'> & {
  readonly scope: string
  readonly budget: Budget
}

function sharedBudgets({ budgets, groups }: Pick<GatewayConfig, 'budgets' | 'groups'>): readonly SharedBudget[] {
  const named = (of: 'provider' | 'tag', scopeOf: (name: string) => string, all: ReadonlyMap<string, Budget>) =>
    [...all].map(([name, budget]): SharedBudget => ({ of, name, deploymentId: null, scope: scopeOf(name), budget }))
  const ofDeployments = [...groups.values()].flat().flatMap(({ id, modelName, budget }): readonly SharedBudget[] => {
    if (budget === undefined) return []
    return [{ of: 'deployment', name: modelName, deploymentId: id, scope: deploymentScope(id), budget }]
  })
  const whole: readonly SharedBudget[] =
    budgets.global === undefined
      ? []
      : [{ of: 'gateway', name: null, deploymentId: null, scope: globalScope, budget: budgets.global }]
  return [
    ...whole,
    ...named('provider', providerScope, budgets.providers),
    ...named('tag', tagScope, budgets.tags),
    ...ofDeployments,
  ]
}

/** A sentence for a key that has reached its soft budget; undefined for any other. Pure. */
export function softBudgetNotice(
  { identity, settings }: StoredKey,
  { spent }: Pick<Meter, 'spent'>,
): string | undefined {
  const soft = settings.softBudgetNanoUsd
  if (soft === null || spent < soft) return undefined
  return `${ownerOf(identity)} has spent ${usdText(spent)} USD, over its soft budget of ${usdText(soft)} USD.`
}
