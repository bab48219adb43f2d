import { type Static, Type } from 'typebox'
import { BudgetRulesSchema } from './budgets.ts'
import { CacheBlockSchema } from './cache.ts'
import { DeliverySchemas } from './delivery.ts'
import { RoleSchemas } from './roles.ts'

/** Our own block. */
export const SignalboxSchema = Type.Object({
  port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  host: Type.Optional(Type.String({ minLength: 1 })),
  allowed_hosts: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  allow_docker_host: Type.Optional(Type.Boolean()),
  discovery: Type.Optional(Type.Union([Type.Literal('off'), Type.Literal('loopback')])),
  demo: Type.Optional(Type.Union([Type.Literal('on'), Type.Literal('off')])),
  agents: Type.Optional(
    Type.Object({
      /** Whether connected agents are exported anew when models or prices change. */
      resync: Type.Optional(Type.Union([Type.Literal('on'), Type.Literal('off')])),
      /** Whether their files are as before while the gateway does not run. */
      restore_on_quit: Type.Optional(Type.Boolean()),
    }),
  ),
  tool_validation: Type.Optional(Type.Union([Type.Literal('off'), Type.Literal('warn'), Type.Literal('repair')])),
  cache: Type.Optional(CacheBlockSchema),
  think_tags: Type.Optional(Type.Union([Type.Literal('read'), Type.Literal('keep')])),
  ...DeliverySchemas,
  ...RoleSchemas,
  /** Days that rows of requests are kept; sums by hour are kept for good. */
  retention: Type.Optional(Type.Object({ rows_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500 })) })),
  /** Whether the library's price list is fetched anew, and from where. */
  prices: Type.Optional(
    Type.Object({
      refresh: Type.Optional(Type.Union([Type.Literal('off'), Type.Literal('weekly')])),
      url: Type.Optional(Type.String({ minLength: 1 })),
    }),
  ),
  timezone: Type.Optional(Type.String({ minLength: 1 })),
  budgets: Type.Optional(BudgetRulesSchema),
  body_limit_mb: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1024 })),
})

export type SignalboxBlock = Static<typeof SignalboxSchema>
