import { type Static, Type } from 'typebox'
import { notInThisVersion } from './annotations.ts'

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
  allowed_fails: later(),
  cooldown_time: later(),
}

export const RouterSettingsSchema = Type.Object({
  ...SharedFallbackSchemas,
  routing_strategy: Type.Optional(Type.String()),
  routing_strategy_args: later(),
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
  retry_after: later(),
  retry_policy: later(),
  model_group_retry_policy: later(),
  disable_cooldowns: later(),
  allowed_fails_policy: later(),
  enable_pre_call_checks: later(),
  optional_pre_call_checks: later(),
  enable_tag_filtering: later(),
  tag_filtering_match_any: later(),
  default_litellm_params: later(),
  default_max_parallel_requests: later(),
  provider_budget_config: later(),
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
