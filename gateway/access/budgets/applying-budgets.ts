import type { Budget, BudgetSettings } from '../../config/budget-settings.ts'
import type { Identity } from '../identity.ts'
import { globalScope, keyModelScope, keyScope, tagScope } from './budget-scopes.ts'

/** One budget that a request counts for. */
export interface ApplyingBudget {
  readonly scope: string
  readonly budget: Budget
  /** Whose it is, at the beginning of a sentence. */
  readonly owner: string
}

/** The budget of a key itself; undefined without one. */
export function keyBudget({ settings }: Identity): Budget | undefined {
  const { maxBudgetNanoUsd: max, budgetDuration } = settings
  return max === null ? undefined : { maxNanoUsd: max, duration: budgetDuration }
}

/** The budget of a key for one model. */
export function modelBudget(identity: Identity, model: string): ApplyingBudget | undefined {
  const { modelBudgets } = identity.settings
  const found = Object.hasOwn(modelBudgets, model) ? modelBudgets[model] : undefined
  if (found === undefined) return undefined
  const owner = `${ownerOf(identity)} on the model ${model.slice(0, 100)}`
  return { scope: keyModelScope(identity.keyId, model), budget: found, owner }
}

/** Every budget that can refuse a request of this key, but for those of models that are only behind its own. */
export function applyingBudgets(
  identity: Identity,
  models: readonly string[],
  tags: readonly string[],
  settings: BudgetSettings,
): ApplyingBudget[] {
  const applying: ApplyingBudget[] = []
  if (settings.global !== undefined) {
    applying.push({ scope: globalScope, budget: settings.global, owner: 'This gateway' })
  }
  const own = keyBudget(identity)
  if (own !== undefined) applying.push({ scope: keyScope(identity.keyId), budget: own, owner: ownerOf(identity) })
  for (const model of models) {
    const found = modelBudget(identity, model)
    if (found !== undefined) applying.push(found)
  }
  if (settings.tags.size === 0) return applying
  for (const tag of tags) {
    const budget = settings.tags.get(tag)
    if (budget !== undefined) applying.push({ scope: tagScope(tag), budget, owner: `The tag ${tag.slice(0, 100)}` })
  }
  return applying
}

export function ownerOf({ alias }: Pick<Identity, 'alias'>): string {
  return alias === null ? 'This key' : `The key ${alias}`
}
