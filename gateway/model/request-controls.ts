/**
 * Fields of a request that speak to the gateway and not to a model: LiteLLM's and ours, as far as they change how the
 * request is carried (litellm-compat §2.3 and §2.9). Read by the dialects, removed before anything goes upstream.
 */
export interface RequestControls {
  /** ms to the first output (`timeout`, `request_timeout`, header `x-litellm-timeout`, all in seconds). */
  readonly timeoutMs?: number
  /** ms of silence in a stream (`stream_timeout`, header `x-litellm-stream-timeout`). */
  readonly streamTimeoutMs?: number
  readonly numRetries?: number
  readonly maxFallbacks?: number
  readonly contextWindowFallbacks?: readonly string[]
  readonly contentPolicyFallbacks?: readonly string[]
  /** Failures to pretend, for trying a chain out; taken from loopback callers only. */
  readonly mockFailure?: 'any' | 'context_window' | 'content_policy' | 'rate_limit' | 'timeout'
  readonly cache?: CacheControls
}

/** LiteLLM's `cache` object in a request. */
export interface CacheControls {
  readonly noCache?: boolean
  readonly noStore?: boolean
  /** How long the answer is kept, in ms (`ttl`, in seconds). */
  readonly ttlMs?: number
  /** How old an answer may be, in ms (`s-maxage`, in seconds). */
  readonly maxAgeMs?: number
  readonly namespace?: string
  /** Cache although caching is opt-in (`use-cache`). */
  readonly useCache?: boolean
}

export const noControls: RequestControls = {}
