import type { KeyBudgetView } from '../../access/budgets/budget-views.ts'
import type { StoredKey } from '../../access/stored-key.ts'

/** A key in LiteLLM's words (litellm-compat §3.2 and §5.1), without its secret. Money in USD. Pure. */
export function litellmKey(key: StoredKey, budget: KeyBudgetView) {
  const { settings } = key
  return {
    token: key.hash,
    key_name: key.name,
    key_alias: key.alias,
    key_type: key.kind === 'management' ? 'management' : 'llm_api',
    spend: usd(budget.spent),
    max_budget: optionalUsd(settings.maxBudgetNanoUsd),
    soft_budget: optionalUsd(settings.softBudgetNanoUsd),
    soft_budget_reached: settings.softBudgetNanoUsd !== null && budget.spent >= settings.softBudgetNanoUsd,
    budget_duration: settings.budgetDuration,
    budget_reset_at: optionalDate(budget.resetsAt ?? null),
    models: key.models,
    aliases: settings.aliases,
    user_id: settings.userId,
    team_id: settings.teamId,
    agent: settings.agent,
    tags: settings.tags,
    metadata: settings.metadata,
    blocked: key.blocked,
    expires: optionalDate(key.expiresAt),
    created_at: new Date(key.createdAt).toISOString(),
    rpm_limit: settings.rpm,
    tpm_limit: settings.tpm,
    max_parallel_requests: settings.maxParallel,
    model_rpm_limit: settings.modelRpm,
    model_tpm_limit: settings.modelTpm,
    model_max_budget: Object.fromEntries(
      Object.entries(settings.modelBudgets).map(([model, { maxNanoUsd, duration }]) => [
        model,
        { budget_limit: usd(maxNanoUsd), time_period: duration },
      ]),
    ),
    model_spend: Object.fromEntries(Object.entries(budget.models).map(([model, { spent }]) => [model, usd(spent)])),
    allowed_routes: settings.allowedRoutes,
    on_limit: settings.onLimit,
    unknown_price: settings.unknownPrice,
  }
}

function usd(nanoUsd: number): number {
  return nanoUsd / 1e9
}

function optionalUsd(nanoUsd: number | null): number | null {
  return nanoUsd === null ? null : usd(nanoUsd)
}

function optionalDate(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
