import { type Static, Type } from 'typebox'
import { notInThisVersion } from './annotations.ts'
import { BudgetFieldSchemas, KeyDefaultsSchema, MostOfKeysSchema, NamedBudgetsSchema } from './budgets.ts'
import { CacheParamsSchema } from './cache.ts'
import { SharedFallbackSchemas } from './router-settings.ts'

const later = () => Type.Optional(Type.Unknown({ unused: notInThisVersion }))
const quiet = () => Type.Optional(Type.Unknown({ quiet: true }))
const unsupported = (reason: string) => Type.Optional(Type.Unknown({ unused: reason }))
/** Names of callbacks; the list may be one name. What they mean: `compile/compile-traces.ts`. */
const callbacks = () => Type.Optional(Type.Union([Type.Array(Type.String()), Type.String()]))

export const LitellmSettingsSchema = Type.Object({
  ...SharedFallbackSchemas,
  request_timeout: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  stream_timeout: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  drop_params: Type.Optional(Type.Boolean()),
  cache: Type.Optional(Type.Boolean()),
  cache_params: Type.Optional(CacheParamsSchema),
  enable_caching_on_provider_specific_optional_params: quiet(),
  modify_params: later(),
  success_callback: callbacks(),
  failure_callback: callbacks(),
  callbacks: callbacks(),
  service_callback: callbacks(),
  langfuse_default_tags: unsupported('traces carry the tags of the request'),
  set_verbose: quiet(),
  verbose: quiet(),
  json_logs: quiet(),
  turn_off_message_logging: quiet(),
  redact_user_api_key_info: quiet(),
  telemetry: quiet(),
  suppress_debug_info: quiet(),
  ...BudgetFieldSchemas,
  tag_budget_config: Type.Optional(NamedBudgetsSchema),
  timezone: Type.Optional(Type.String({ minLength: 1 })),
  default_key_generate_params: Type.Optional(KeyDefaultsSchema),
  upperbound_key_generate_params: Type.Optional(MostOfKeysSchema),
  default_team_settings: later(),
  default_internal_user_params: later(),
  key_generation_settings: later(),
  max_end_user_budget: later(),
  max_user_budget: later(),
  internal_user_budget_duration: later(),
  model_alias_map: unsupported('write model_group_alias under router_settings instead'),
  enable_json_schema_validation: later(),
  force_ipv4: later(),
  ssl_verify: unsupported('certificates are always checked; add a private authority through NODE_EXTRA_CA_CERTS'),
  add_function_to_prompt: later(),
  use_chat_completions_url_for_anthropic_messages: later(),
  ssl_certificate: unsupported('client certificates are not supported'),
  num_workers: quiet(),
  public_routes: later(),
})

export type LitellmSettings = Static<typeof LitellmSettingsSchema>
