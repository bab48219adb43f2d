import type { JsonObject } from './json.ts'

/**
 * Every error code a client, a script or the interface may see, with its HTTP status, OpenAI error type and whether
 * waiting can cure it. `retry: false` becomes `x-should-retry: false`, which the official SDKs obey.
 */
export const errorCatalogue = {
  invalid_http: { status: 400, type: 'invalid_request_error', retry: false },
  invalid_form: { status: 400, type: 'invalid_request_error', retry: false },
  invalid_json: { status: 400, type: 'invalid_request_error', retry: false },
  duplicate_key: { status: 400, type: 'invalid_request_error', retry: false },
  missing_field: { status: 400, type: 'invalid_request_error', retry: false },
  invalid_field: { status: 400, type: 'invalid_request_error', retry: false },
  unsupported_field: { status: 400, type: 'invalid_request_error', retry: false },
  unsupported_model: { status: 400, type: 'invalid_request_error', retry: false },
  model_not_found: { status: 400, type: 'invalid_request_error', retry: false },
  context_length_exceeded: { status: 400, type: 'invalid_request_error', retry: false },
  content_policy_violation: { status: 400, type: 'invalid_request_error', retry: false },
  upstream_bad_request: { status: 400, type: 'invalid_request_error', retry: false },
  missing_key: { status: 401, type: 'auth_error', retry: false },
  invalid_key: { status: 401, type: 'auth_error', retry: false },
  expired_key: { status: 401, type: 'expired_key', retry: false },
  blocked_key: { status: 401, type: 'auth_error', retry: false },
  invalid_passphrase: { status: 401, type: 'auth_error', retry: false },
  provider_key_missing: { status: 401, type: 'auth_error', retry: false },
  provider_key_refused: { status: 401, type: 'auth_error', retry: false },
  no_deployment_for_tags: { status: 401, type: 'invalid_request_error', retry: false },
  provider_payment_required: { status: 402, type: 'insufficient_quota', retry: false },
  key_model_access_denied: { status: 403, type: 'key_model_access_denied', retry: false },
  price_unknown: { status: 403, type: 'permission_error', retry: false },
  router_disabled: { status: 403, type: 'permission_error', retry: false },
  not_allowed: { status: 403, type: 'permission_error', retry: false },
  foreign_host: { status: 403, type: 'permission_error', retry: false },
  foreign_origin: { status: 403, type: 'permission_error', retry: false },
  provider_permission_denied: { status: 403, type: 'permission_error', retry: false },
  not_found: { status: 404, type: 'not_found_error', retry: false },
  upstream_not_found: { status: 404, type: 'not_found_error', retry: false },
  method_not_allowed: { status: 405, type: 'invalid_request_error', retry: false },
  upstream_timeout: { status: 408, type: 'timeout_error', retry: true },
  conflict: { status: 409, type: 'invalid_request_error', retry: false },
  database_unusable: { status: 500, type: 'server_error', retry: false },
  body_too_large: { status: 413, type: 'request_too_large', retry: false },
  unsupported_media_type: { status: 415, type: 'invalid_request_error', retry: false },
  secrets_locked: { status: 423, type: 'invalid_request_error', retry: false },
  headers_too_large: { status: 431, type: 'invalid_request_error', retry: false },
  upstream_unprocessable: { status: 422, type: 'invalid_request_error', retry: false },
  budget_exceeded: { status: 429, type: 'budget_exceeded', retry: false },
  rate_limited: { status: 429, type: 'rate_limit_error', retry: true },
  client_closed_request: { status: 499, type: 'client_error', retry: false },
  internal_error: { status: 500, type: 'server_error', retry: true },
  upstream_error: { status: 502, type: 'server_error', retry: true },
  upstream_stream_cut: { status: 502, type: 'server_error', retry: true },
  upstream_invalid_answer: { status: 502, type: 'server_error', retry: true },
  backend_unavailable: { status: 503, type: 'service_unavailable', retry: true },
  paused: { status: 503, type: 'service_unavailable', retry: false },
  shutting_down: { status: 503, type: 'service_unavailable', retry: true },
} as const satisfies Record<string, ErrorTraits>

interface ErrorTraits {
  readonly status: number
  readonly type: string
  readonly retry: boolean
}

export type ErrorCode = keyof typeof errorCatalogue

export interface ErrorOptions {
  /** The request field at fault, in the client's own spelling. */
  readonly param?: string
  /** Overrides the catalogue's status where the upstream's own is more exact. */
  readonly status?: number
  /** Overrides the catalogue where waiting does, or does not, help in this case. */
  readonly shouldRetry?: boolean
  /** How long a client should wait, in ms. */
  readonly retryAfterMs?: number
  readonly cause?: unknown
  /** What the upstream itself said, kept beside our own code. */
  readonly upstream?: UpstreamWords
}

export interface UpstreamWords {
  readonly status: number
  readonly code?: string
  readonly type?: string
  /** What else stood in its error object, for clients that speak its dialect. */
  readonly more?: JsonObject
}

/** The one error that crosses module borders: a stable code, a sentence for people, what to do next in the sentence. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly status: number
  readonly type: string
  readonly param: string | null
  readonly shouldRetry: boolean
  readonly retryAfterMs: number | undefined
  readonly upstream: UpstreamWords | undefined

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    const traits = errorCatalogue[code]
    this.code = code
    this.status = options.status ?? traits.status
    this.type = traits.type
    this.param = options.param ?? null
    this.shouldRetry = options.shouldRetry ?? traits.retry
    this.retryAfterMs = options.retryAfterMs
    this.upstream = options.upstream
  }
}

/** Turns anything thrown into a GatewayError. An unknown error becomes `internal_error` without its message, which could quote a prompt. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  return new GatewayError('internal_error', 'The gateway failed on this request; its log has the details.', {
    cause: thrown,
  })
}
