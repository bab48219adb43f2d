import { type Static, Type } from 'typebox'
import { notInThisVersion } from './annotations.ts'

const later = () => Type.Optional(Type.Unknown({ unused: notInThisVersion }))
const quiet = () => Type.Optional(Type.Unknown({ quiet: true }))
const unsupported = (reason: string) => Type.Optional(Type.Unknown({ unused: reason }))
const note = (reason: string) => Type.Optional(Type.Unknown({ handledElsewhere: reason }))

export const GeneralSettingsSchema = Type.Object({
  master_key: Type.Optional(Type.String({ secret: true, unresolved: true })),
  database_url: note('the built-in database is used; no PostgreSQL is needed'),
  database_type: quiet(),
  database_args: quiet(),
  database_connection_pool_limit: quiet(),
  database_connection_timeout: quiet(),
  allow_requests_on_db_unavailable: quiet(),
  store_model_in_db: quiet(),
  salt_key: quiet(),
  completion_model: later(),
  embedding_model: later(),
  image_generation_model: later(),
  /** Requests at a time of each key that has no limit of its own. */
  max_parallel_requests: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Requests at a time of everybody together. */
  global_max_parallel_requests: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Means `signalbox.health_checks.enabled: true`: here it costs nothing. */
  background_health_checks: Type.Optional(Type.Boolean()),
  /** Seconds. */
  health_check_interval: Type.Optional(Type.Number({ minimum: 1, maximum: 86_400 })),
  health_check_details: quiet(),
  health_check_concurrency: quiet(),
  /** What is unhealthy is always left out. */
  enable_health_check_routing: quiet(),
  health_check_staleness_threshold: quiet(),
  health_check_ignore_transient_errors: quiet(),
  /** Routers are never probed here: nothing has to be switched off. */
  health_check_skip_disabled_background_models: quiet(),
  disable_spend_logs: unsupported('every request has its row in the ledger'),
  disable_spend_updates: unsupported('every request has its row in the ledger'),
  disable_error_logs: quiet(),
  disable_reset_budget: quiet(),
  store_prompts_in_spend_logs: later(),
  /** LiteLLM's name for `retention.rows_days`: `30d`. */
  maximum_spend_logs_retention_period: Type.Optional(Type.String()),
  maximum_spend_logs_retention_interval: quiet(),
  proxy_batch_write_at: quiet(),
  proxy_budget_rescheduler_min_time: quiet(),
  proxy_budget_rescheduler_max_time: quiet(),
  user_api_key_cache_ttl: quiet(),
  litellm_key_header_name: later(),
  allowed_ips: later(),
  allowed_routes: later(),
  public_routes: later(),
  enforce_user_param: later(),
  reject_clientside_metadata_tags: later(),
  forward_client_headers_to_llm_api: later(),
  allow_client_side_credentials: unsupported('a request can never set a base URL or a key'),
  max_request_size_mb: unsupported('write body_limit_mb under signalbox instead'),
  max_response_size_mb: later(),
  cancel_on_disconnect: quiet(),
  always_include_stream_usage: quiet(),
  infer_model_from_keys: later(),
  model_list_healthy_only: later(),
  token_rate_limit_type: later(),
  alerting: later(),
  alerting_threshold: quiet(),
  alert_types: quiet(),
  custom_auth: unsupported('Python hooks are not supported'),
  pass_through_endpoints: later(),
  ui_access_mode: later(),
  enable_jwt_auth: later(),
  use_redis_transaction_buffer: quiet(),
  key_management_system: unsupported('references are looked up in the environment and the OS keychain'),
  key_management_settings: quiet(),
  use_google_kms: quiet(),
  use_azure_key_vault: quiet(),
})

export type GeneralSettings = Static<typeof GeneralSettingsSchema>
