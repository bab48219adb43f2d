import { type Static, Type } from 'typebox'
import { notInThisVersion } from './annotations.ts'
import { NamedBudgetsSchema } from './budgets.ts'
import { AllowedFailsPolicySchema, RetryPolicySchema, StrategyArgsSchema } from './delivery.ts'

const later = () => Type.Optional(Type.Unknown({ unused: notInThisVersion }))
const quiet = () => Type.Optional(Type.Unknown({ quiet: true }))
const seconds = () => Type.Optional(Type.Number({ exclusiveMinimum: 0 }))

/** A step of a chain: a model name, or LiteLLM's object form, of which only the name is used. */
export const FallbackStepSchema = Type.Union([
  Type.String(),
  Type.Object({ model: Type.String({ minLength: 1 }) }, { unknownKeys: 'unread' }),
])

/** The group that a chain belongs to. */
export const FallbackGroupSchema = Type.String({ minLength: 1 })

/** The models of one chain; a single name is a chain of one. */
export const FallbackChainSchema = Type.Union([Type.Array(FallbackStepSchema), Type.String()])

/** `fallbacks`: a list of single-key blocks, a list of `{model_name, fallback_models}`, or one block. */
export const FallbacksSchema = Type.Union([
  Type.Array(Type.Record(Type.String(), Type.Unknown())),
  Type.Record(Type.String(), Type.Unknown()),
])

/** Keys that stand in `router_settings` and in `litellm_settings`; the first wins. */
export const SharedFallbackSchemas = {
  fallbacks: Type.Optional(FallbacksSchema),
  default_fallbacks: Type.Optional(Type.Array(FallbackStepSchema)),
  context_window_fallbacks: Type.Optional(FallbacksSchema),
  content_policy_fallbacks: Type.Optional(FallbacksSchema),
  num_retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  allowed_fails: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  /** Seconds; 0 = no cooldown. */
  cooldown_time: Type.Optional(Type.Number({ minimum: 0, maximum: 2_000_000 })),
}

export const RouterSettingsSchema = Type.Object({
  ...SharedFallbackSchemas,
  routing_strategy: Type.Optional(Type.String()),
  routing_strategy_args: Type.Optional(StrategyArgsSchema),
  model_group_alias: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Union([
        Type.String(),
        Type.Object({ model: Type.String({ minLength: 1 }), hidden: Type.Optional(Type.Boolean()) }),
      ]),
    ),
  ),
  max_fallbacks: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  timeout: seconds(),
  stream_timeout: seconds(),
  retry_after: Type.Optional(Type.Number({ minimum: 0, maximum: 3600 })),
  retry_policy: Type.Optional(RetryPolicySchema),
  model_group_retry_policy: Type.Optional(Type.Record(Type.String(), RetryPolicySchema)),
  disable_cooldowns: Type.Optional(Type.Boolean()),
  allowed_fails_policy: Type.Optional(AllowedFailsPolicySchema),
  enable_pre_call_checks: Type.Optional(Type.Boolean()),
  optional_pre_call_checks: Type.Optional(Type.Array(Type.String())),
  enable_tag_filtering: Type.Optional(Type.Boolean()),
  tag_filtering_match_any: Type.Optional(Type.Boolean()),
  default_litellm_params: later(),
  default_max_parallel_requests: Type.Optional(Type.Integer({ minimum: 1 })),
  provider_budget_config: Type.Optional(NamedBudgetsSchema),
  routing_groups: later(),
  caching_groups: quiet(),
  cache_responses: quiet(),
  cache_kwargs: quiet(),
  client_ttl: quiet(),
  ignore_invalid_deployments: quiet(),
  set_verbose: quiet(),
  debug_level: quiet(),
  redis_url: quiet(),
  redis_host: quiet(),
  redis_port: quiet(),
  redis_password: quiet(),
  redis_db: quiet(),
})

export type RouterSettings = Static<typeof RouterSettingsSchema>
