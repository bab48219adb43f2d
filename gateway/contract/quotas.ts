import { type Static, Type } from 'typebox'
import { BudgetViewSchema } from './keys.ts'
import { nullable } from './values.ts'

/** One limit of one deployment. */
export const QuotaLimitSchema = Type.Object({
  /** `requests per minute`, `tokens per day`, `parallel requests`; without a window where the upstream names none. */
  limit: Type.String(),
  /** Null when the upstream told only what is left. */
  most: nullable(Type.Number()),
  used: nullable(Type.Number()),
  left: Type.Number(),
  /** When all of it is there again, in ms since the epoch; null = with the end of running requests, or not known. */
  resetsAt: nullable(Type.Number()),
  /** From the config file, or learned from the headers of the upstream's answers. */
  knownFrom: Type.Union([Type.Literal('config'), Type.Literal('header')]),
})

export type QuotaLimit = Static<typeof QuotaLimitSchema>

export const DeploymentQuotaSchema = Type.Object({
  /** The `model_name`. */
  model: Type.String(),
  deploymentId: Type.String(),
  provider: Type.String(),
  upstreamModel: Type.String(),
  inFlight: Type.Integer(),
  /** `ready`, or why it is left out now. */
  state: Type.Union([
    Type.Literal('ready'),
    Type.Literal('full'),
    Type.Literal('cooling'),
    Type.Literal('down'),
    Type.Literal('over_budget'),
  ]),
  /** One sentence when it is not ready. */
  reason: nullable(Type.String()),
  /** When that ends, in ms since the epoch; null = not known. */
  until: nullable(Type.Number()),
  /** Usual ms to the first token; null until measured. */
  firstTokenMs: nullable(Type.Number()),
  /** Slower than its own usual: ranks behind its equals. */
  slow: Type.Boolean(),
  limits: Type.Array(QuotaLimitSchema),
})

export type DeploymentQuotaView = Static<typeof DeploymentQuotaSchema>

/** A budget of the config file. Those of keys are with the keys. */
export const SharedBudgetSchema = Type.Object({
  of: Type.Union([Type.Literal('gateway'), Type.Literal('provider'), Type.Literal('tag'), Type.Literal('deployment')]),
  /** Of the provider, the tag, or the model that the deployment stands under; null = the gateway. */
  name: nullable(Type.String()),
  /** Of the deployment; null for all others. */
  deploymentId: nullable(Type.String()),
  budget: BudgetViewSchema,
})

export type SharedBudgetView = Static<typeof SharedBudgetSchema>

/** `GET /api/quotas`: every deployment in the order of the config file, with what is known of its limits; and the budgets of the file. */
export const QuotaListSchema = Type.Object({
  deployments: Type.Array(DeploymentQuotaSchema),
  /** Absent = none. */
  budgets: Type.Optional(Type.Array(SharedBudgetSchema)),
})

export type QuotaList = Static<typeof QuotaListSchema>
