import { type KeyDraft, readKeyDraft } from '../../access/key-draft.ts'
import { underKeyRules } from '../../access/key-rules.ts'
import type { KeyRules } from '../../config/budget-settings.ts'
import type { KeyChange, NewKey } from '../../contract/keys.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'

/** LiteLLM's name of each field of the contract whose value means the same. */
const litellmNames: Readonly<Record<string, string>> = {
  alias: 'key_alias',
  models: 'models',
  blocked: 'blocked',
  userId: 'user_id',
  teamId: 'team_id',
  agent: 'agent',
  tags: 'tags',
  aliases: 'aliases',
  maxBudgetUsd: 'max_budget',
  softBudgetUsd: 'soft_budget',
  budgetDuration: 'budget_duration',
  rpm: 'rpm_limit',
  tpm: 'tpm_limit',
  maxParallel: 'max_parallel_requests',
  modelRpm: 'model_rpm_limit',
  modelTpm: 'model_tpm_limit',
  allowedRoutes: 'allowed_routes',
  onLimit: 'on_limit',
  unknownPrice: 'unknown_price',
}

const spellings = new Map(Object.entries(litellmNames).map(([own, theirs]) => [theirs, own]))

/**
 * The key that a body of the control API means, by the same rules as LiteLLM's routes. @param now ms since the epoch
 * @param rules what the configuration says of keys
 * @throws GatewayError `invalid_field` naming the field as the contract spells it
 */
export function readControlKey(body: NewKey | KeyChange, now: number, isChange: boolean, rules: KeyRules): KeyDraft {
  const written = Object.entries(body as JsonObject)
  const named: JsonObject = Object.fromEntries(
    written.flatMap(([field, value]): [string, JsonValue][] => {
      const name = litellmNames[field]
      return name === undefined ? [] : [[name, value]]
    }),
  )
  const { lifetimeSeconds, modelBudgets } = body
  if (lifetimeSeconds !== undefined) named.duration = lifetimeSeconds === null ? null : `${lifetimeSeconds}s`
  if (modelBudgets !== undefined) named.model_max_budget = budgetsByModel(modelBudgets)
  const kind = 'kind' in body ? body.kind : undefined
  const spelling = (field: string): string => spellings.get(field) ?? field
  const ruled = underKeyRules(named, rules, { isChange, spelling })
  return { ...readKeyDraft(ruled, { now, isChange, spelling }), kind }
}

function budgetsByModel(budgets: NonNullable<KeyChange['modelBudgets']>): JsonObject {
  return Object.fromEntries(
    Object.entries(budgets).map(([model, { maxUsd, duration }]) => [
      model,
      { budget_limit: maxUsd, ...(duration === undefined ? {} : { time_period: duration }) },
    ]),
  )
}
