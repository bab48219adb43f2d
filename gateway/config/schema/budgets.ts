import { type Static, Type } from 'typebox'

const usd = () => Type.Optional(Type.Number({ minimum: 0, maximum: 9_000_000 }))
const text = () => Type.Optional(Type.String({ minLength: 1 }))

/** A budget beside other keys: of the gateway in `litellm_settings`, of a deployment in `litellm_params`. */
export const BudgetFieldSchemas = { max_budget: usd(), budget_duration: text() }

/** A budget by name, with LiteLLM's older and newer words for the same. */
export const NamedBudgetSchema = Type.Object({
  budget_limit: usd(),
  time_period: text(),
  ...BudgetFieldSchemas,
})

export const NamedBudgetsSchema = Type.Record(Type.String(), NamedBudgetSchema)

export type NamedBudget = Static<typeof NamedBudgetSchema>

const count = () => Type.Optional(Type.Integer({ minimum: 0 }))
const texts = () => Type.Optional(Type.Array(Type.String({ minLength: 1 })))

/** `upperbound_key_generate_params`. */
export const MostOfKeysSchema = Type.Object({
  ...BudgetFieldSchemas,
  duration: text(),
  rpm_limit: count(),
  tpm_limit: count(),
  max_parallel_requests: count(),
})

/** `default_key_generate_params`. */
export const KeyDefaultsSchema = Type.Object({
  ...MostOfKeysSchema.properties,
  soft_budget: usd(),
  models: texts(),
  tags: texts(),
  user_id: text(),
  team_id: text(),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

/** `signalbox.budgets`. */
export const BudgetRulesSchema = Type.Object({
  on_limit: Type.Optional(Type.Union([Type.Literal('block'), Type.Literal('downgrade')])),
  unknown_price: Type.Optional(Type.Union([Type.Literal('refuse'), Type.Literal('allow')])),
})
