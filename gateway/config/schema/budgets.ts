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

/** `signalbox.budgets`. */
export const BudgetRulesSchema = Type.Object({
  on_limit: Type.Optional(Type.Union([Type.Literal('block'), Type.Literal('downgrade')])),
  unknown_price: Type.Optional(Type.Union([Type.Literal('refuse'), Type.Literal('allow')])),
})
