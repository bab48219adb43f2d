import type { BudgetView, KeyView } from '../../gateway/contract/keys.ts'
import type { DeploymentQuotaView, QuotaLimit, QuotaList, SharedBudgetView } from '../../gateway/contract/quotas.ts'

/** One budget or quota with an end, as the tray tells of it. */
export interface Limit {
  /** Stays the same while the limit does. */
  readonly id: string
  readonly kind: 'budget' | 'quota'
  readonly name: string
  /** How much is gone: 0 to 1, and beyond. */
  readonly share: number
  /** When it starts anew, ms since the epoch; null = never, or not known. */
  readonly resetsAt: number | null
  /** The page that tells more, as a fragment. */
  readonly page: string
}

/** From here on a limit is near (the interface colours its bar from the same share on). */
const nearShare = 0.8

/** Shorter windows empty and fill while people work: their end is normal life and no reason for an icon. In ms. */
const shortestWindowMs = 3_600_000

export function isNear({ share }: Limit): boolean {
  return share >= nearShare
}

export function isReached({ share }: Limit): boolean {
  return share >= 1
}

/** `Budget of opencode: 92 % used`. Rounded down, so that 100 % means all of it. */
export function limitWords({ name, share }: Limit): string {
  return share >= 1 ? `${name}: all used` : `${name}: ${Math.floor(share * 100)} % used`
}

/** All limits of the gateway, fullest first. `now` in ms since the epoch. */
export function limitsOf(keys: readonly KeyView[], quotas: QuotaList, now: number): readonly Limit[] {
  const limits = [
    ...keys.flatMap(keyLimits),
    ...(quotas.budgets ?? []).flatMap(sharedLimit),
    ...quotaLimits(quotas.deployments, now),
  ]
  return limits.toSorted((one, other) => other.share - one.share)
}

const ownerWords: Readonly<Record<SharedBudgetView['of'], string>> = {
  gateway: 'the gateway',
  provider: 'provider ',
  tag: 'tag ',
  deployment: 'model ',
}

function sharedLimit({ of, name, deploymentId, budget }: SharedBudgetView): readonly Limit[] {
  const id = `${of} ${deploymentId ?? name ?? ''}`
  return budgetLimit(id, `Budget of ${ownerWords[of]}${name ?? ''}`, '#/spend', budget)
}

function keyLimits({ id, alias, name, blocked, budget, modelBudgets }: KeyView): readonly Limit[] {
  if (blocked) return []
  const owner = alias ?? name
  const page = `#/keys/${id}`
  const own = budgetLimit(id, `Budget of ${owner}`, page, budget)
  const ofModels = Object.entries(modelBudgets).flatMap(([model, view]) =>
    budgetLimit(`${id} ${model}`, `Budget of ${owner} for ${model}`, page, view),
  )
  return [...own, ...ofModels]
}

function budgetLimit(id: string, name: string, page: string, budget: BudgetView): readonly Limit[] {
  const { maxNanoUsd, spentNanoUsd, resetsAt } = budget
  if (maxNanoUsd === null || maxNanoUsd <= 0) return []
  return [{ id: `budget ${id}`, kind: 'budget', name, share: spentNanoUsd / maxNanoUsd, resetsAt, page }]
}

/** Models of one account share its quota and all list it: it is one limit, under the name of the provider. */
function quotaLimits(deployments: readonly DeploymentQuotaView[], now: number): readonly Limit[] {
  const found = new Map<string, { readonly limit: Limit; readonly models: Set<string>; readonly provider: string }>()
  for (const { model, provider, limits } of deployments) {
    for (const quota of limits) {
      const limit = quotaLimit(provider, quota, now)
      if (limit === undefined) continue
      const known = found.get(limit.id)
      const fuller = known === undefined || limit.share > known.limit.share ? limit : known.limit
      found.set(limit.id, { limit: fuller, models: (known?.models ?? new Set()).add(model), provider })
    }
  }
  return [...found.values()].map(({ limit, models, provider }) => {
    const [only] = models
    const owner = models.size === 1 && only !== undefined ? only : provider
    return { ...limit, name: `${owner}, ${limit.name}` }
  })
}

function quotaLimit(provider: string, quota: QuotaLimit, now: number): Limit | undefined {
  const { limit, most, left, resetsAt } = quota
  if (most === null || most <= 0 || !isLong(quota, now)) return undefined
  const share = Math.max(0, most - left) / most
  return { id: `quota ${provider} ${limit} ${most}`, kind: 'quota', name: limit, share, resetsAt, page: '#/models' }
}

function isLong({ limit, resetsAt }: QuotaLimit, now: number): boolean {
  if (/\bper (?:second|minute)\b|\bparallel\b/.test(limit)) return false
  if (/\bper (?:day|week|month)\b/.test(limit)) return true
  return resetsAt !== null && resetsAt - now >= shortestWindowMs
}
