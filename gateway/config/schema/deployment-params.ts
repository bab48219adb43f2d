import { type Static, Type } from 'typebox'
import { ComplexityRouterConfigSchema } from './complexity-router.ts'
import { notInThisVersion } from './annotations.ts'
import { BudgetFieldSchemas } from './budgets.ts'
import { AllowedFailsPolicySchema, QuotaSchema } from './delivery.ts'
import { RequestFieldSchemas } from './request-fields.ts'
import { BillingSchema, PriceFieldSchemas } from './price-fields.ts'

const text = () => Type.Optional(Type.String())
const seconds = () => Type.Optional(Type.Number({ exclusiveMinimum: 0 }))
const limit = () => Type.Optional(Type.Number({ minimum: 0 }))
const retries = () => Type.Optional(Type.Integer({ minimum: 0, maximum: 100 }))
const later = () => Type.Optional(Type.Unknown({ unused: notInThisVersion }))
const quiet = () => Type.Optional(Type.Unknown({ quiet: true }))
const unsupported = (reason: string) => Type.Optional(Type.Unknown({ unused: reason }))

/** Capacity keys: in `litellm_params`, and in old files beside it. */
export const CapacityFieldSchemas = { rpm: limit(), tpm: limit() }

/** How to reach the upstream and when to use it. None of these is ever sent. */
export const ConnectionFieldSchemas = {
  model: Type.String({ minLength: 1 }),
  api_base: text(),
  base_url: text(),
  api_key: Type.Optional(Type.String({ secret: true, unresolved: true })),
  custom_llm_provider: text(),
  organization: text(),
  extra_headers: Type.Optional(Type.Record(Type.String(), Type.String({ secret: true }))),
  timeout: seconds(),
  stream_timeout: seconds(),
  request_timeout: seconds(),
  ...CapacityFieldSchemas,
  weight: Type.Optional(Type.Number({ minimum: 0 })),
  order: Type.Optional(Type.Number()),
  tags: Type.Optional(Type.Array(Type.String())),
  ...BudgetFieldSchemas,
  num_retries: retries(),
  max_retries: retries(),
  allowed_fails: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  allowed_fails_policy: Type.Optional(AllowedFailsPolicySchema),
  /** Seconds; 0 = never out. */
  cooldown_time: Type.Optional(Type.Number({ minimum: 0, maximum: 2_000_000 })),
  max_parallel_requests: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Ours. */
  quota: Type.Optional(QuotaSchema),
  /** Ours: one try, no repeat, no fallback, no queue. */
  fail_fast: Type.Optional(Type.Boolean()),
  /** Ours, as beside it: how this deployment is paid. */
  billing: Type.Optional(BillingSchema),
  complexity_router_config: Type.Optional(ComplexityRouterConfigSchema),
  complexity_router_default_model: text(),
}

/** Prices of LiteLLM for what no usage here counts. */
const uncountedPrices = [
  'input_cost_per_audio_token',
  'output_cost_per_audio_token',
  'cache_creation_input_audio_token_cost',
  'input_cost_per_image',
  'input_cost_per_image_token',
  'output_cost_per_image',
  'output_cost_per_image_token',
  'input_cost_per_character',
  'output_cost_per_character',
  'input_cost_per_query',
  'search_context_cost_per_query',
]

const withoutEffect = {
  api_version: unsupported('only Azure reads an API version, and Azure is not supported in this version'),
  itpm: later(),
  otpm: later(),
  tag_regex: later(),
  drop_params: later(),
  additional_drop_params: later(),
  allowed_openai_params: quiet(),
  merge_reasoning_content_in_choices: later(),
  mock_response: unsupported('canned answers are not supported; use a demo model'),
  configurable_clientside_auth_params: unsupported('a request can never set a base URL or a key'),
  litellm_credential_name: unsupported('named credentials are not supported; write api_key'),
  use_in_pass_through: later(),
  use_litellm_proxy: later(),
  auto_router_config_path: quiet(),
  auto_router_config: quiet(),
  auto_router_default_model: quiet(),
  auto_router_embedding_model: quiet(),
  aws_access_key_id: unsupported('AWS is not supported in this version'),
  aws_secret_access_key: unsupported('AWS is not supported in this version'),
  aws_region_name: unsupported('AWS is not supported in this version'),
  vertex_project: unsupported('Vertex AI is not supported in this version'),
  vertex_location: unsupported('Vertex AI is not supported in this version'),
  vertex_credentials: unsupported('Vertex AI is not supported in this version'),
  region_name: later(),
  input_cost_per_second: unsupported(
    'prices per second are not supported; the cost is unknown unless prices per token are set',
  ),
  ...Object.fromEntries(
    uncountedPrices.map((name) => [name, unsupported('only text tokens and requests are counted')]),
  ),
  output_cost_per_second: unsupported(
    'prices per second are not supported; the cost is unknown unless prices per token are set',
  ),
}

/** `litellm_params` of a model entry. A key not listed here is a request field of the provider, as in LiteLLM. */
export const DeploymentParamsSchema = Type.Object(
  { ...ConnectionFieldSchemas, ...PriceFieldSchemas, ...RequestFieldSchemas, ...withoutEffect },
  { unknownKeys: 'request' },
)

export type DeploymentParams = Static<typeof DeploymentParamsSchema>
