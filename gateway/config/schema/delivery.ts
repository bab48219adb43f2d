import { Type } from 'typebox'

const count = () => Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 }))
const limit = () => Type.Optional(Type.Integer({ minimum: 1 }))

/** Names of the kinds of failure in LiteLLM's policies, without their endings. */
export const failureKindNames = {
  BadRequestError: 'bad_request',
  AuthenticationError: 'authentication',
  TimeoutError: 'timeout',
  RateLimitError: 'rate_limit',
  ContentPolicyViolationError: 'content_policy',
  InternalServerError: 'internal_server',
  ServiceUnavailableError: 'service_unavailable',
  NotFoundError: 'not_found',
  DefaultError: 'default',
} as const

/** `retry_policy`: repeats by kind of failure. */
export const RetryPolicySchema = Type.Object({
  BadRequestErrorRetries: count(),
  AuthenticationErrorRetries: count(),
  TimeoutErrorRetries: count(),
  RateLimitErrorRetries: count(),
  ContentPolicyViolationErrorRetries: count(),
  InternalServerErrorRetries: count(),
  ServiceUnavailableErrorRetries: count(),
  NotFoundErrorRetries: count(),
  DefaultErrorRetries: count(),
})

/** `allowed_fails_policy`: failures by kind until a deployment is out. */
export const AllowedFailsPolicySchema = Type.Object({
  BadRequestErrorAllowedFails: count(),
  AuthenticationErrorAllowedFails: count(),
  TimeoutErrorAllowedFails: count(),
  RateLimitErrorAllowedFails: count(),
  ContentPolicyViolationErrorAllowedFails: count(),
  InternalServerErrorAllowedFails: count(),
  ServiceUnavailableErrorAllowedFails: count(),
  NotFoundErrorAllowedFails: count(),
  DefaultErrorAllowedFails: count(),
})

/** Our own `quota` of an entry: the limits that its provider sets. */
export const QuotaSchema = Type.Object({
  requests_per_minute: limit(),
  tokens_per_minute: limit(),
  requests_per_day: limit(),
  tokens_per_day: limit(),
  /** A clock time such as `"00:00"`. */
  resets_at: Type.Optional(Type.String()),
  timezone: Type.Optional(Type.String()),
})

/** `routing_strategy_args`; times in seconds. */
export const StrategyArgsSchema = Type.Object({
  ttl: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  lowest_latency_buffer: Type.Optional(Type.Number({ minimum: 0 })),
  max_latency_list_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
})

/** The delivery keys of our own block. */
export const DeliverySchemas = {
  fallbacks: Type.Optional(Type.Object({ max_cost_ratio: Type.Optional(Type.Number({ minimum: 0 })) })),
  hedge_after_ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600_000 })),
  hedge_tools: Type.Optional(Type.Boolean()),
  mid_stream: Type.Optional(Type.Union([Type.Literal('error'), Type.Literal('resume')])),
  queue_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000 })),
  health_checks: Type.Optional(
    Type.Object({
      enabled: Type.Optional(Type.Boolean()),
      interval_s: Type.Optional(Type.Number({ minimum: 1, maximum: 86_400 })),
    }),
  ),
}
