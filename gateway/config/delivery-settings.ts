/** How the deployments of one group are ordered: LiteLLM's names. */
export type RoutingStrategy =
  | 'simple-shuffle'
  | 'least-busy'
  | 'latency-based-routing'
  | 'usage-based-routing'
  | 'usage-based-routing-v2'
  | 'cost-based-routing'

/** `router_settings.routing_strategy` and its arguments. */
export interface RoutingSettings {
  readonly strategy: RoutingStrategy
  readonly strategyArgs: {
    /** How long a measured latency counts, in ms. */
    readonly ttlMs: number
    /** Deployments within this share of the lowest latency are equals: 0.5 = up to half as slow again. */
    readonly lowestLatencyBuffer: number
    /** How many measurements of a deployment are averaged. */
    readonly maxLatencyListSize: number
  }
}

/** Kinds of failure that LiteLLM's policies tell apart (`TimeoutErrorRetries`, `RateLimitErrorAllowedFails`, …). */
export type FailureKind =
  | 'bad_request'
  | 'authentication'
  | 'timeout'
  | 'rate_limit'
  | 'content_policy'
  | 'internal_server'
  | 'service_unavailable'
  | 'not_found'
  | 'default'

/** A number by kind of failure; an absent kind means `default`, and without that the general number. */
export type FailureCounts = Readonly<Partial<Record<FailureKind, number>>>

/** When failures take a deployment out. */
export interface CooldownSettings {
  /** So many failures within the window take a deployment out; 0 means the first one. */
  readonly allowedFails: number
  /** The pause, and the window in which failures are counted, in ms; 0 = no pause. */
  readonly cooldownMs: number
  readonly disabled: boolean
  readonly allowedFailsPolicy: FailureCounts
}

/** What one deployment sets for itself; undefined = as for all. */
export interface DeploymentCooldown {
  readonly allowedFails: number | undefined
  /** In ms; 0 = never out. */
  readonly cooldownMs: number | undefined
  readonly allowedFailsPolicy: FailureCounts | undefined
}

/** Repeats on the same deployment by kind of failure. */
export interface RetryPolicy {
  readonly general: FailureCounts
  readonly byGroup: ReadonlyMap<string, FailureCounts>
  /** The least wait before a repeat, in ms (`retry_after`). */
  readonly retryAfterMs: number
}

/** `router_settings.enable_tag_filtering` and `tag_filtering_match_any`. */
export interface TagFiltering {
  readonly enabled: boolean
  /** One common tag is enough; else the deployment must have all tags of the request. */
  readonly matchAny: boolean
}

/** What a deployment may be asked for. An absent limit is none. */
export interface DeploymentQuota {
  /** The entry's own `quota`, else `rpm`. */
  readonly requestsPerMinute: number | undefined
  /** The entry's own `quota`, else `tpm`. */
  readonly tokensPerMinute: number | undefined
  readonly requestsPerDay: number | undefined
  readonly tokensPerDay: number | undefined
  /** When the day begins, in minutes after midnight of `timeZone`. */
  readonly resetsAtMinute: number
  /** IANA name. */
  readonly timeZone: string
}

/** A quota that all deployments of one provider and key share. */
export interface AccountQuota {
  /** The same for all that share it, also after a restart; holds no secret. */
  readonly id: string
  readonly quota: DeploymentQuota
}

/** The delivery part of our own block `signalbox:`. */
export interface DeliverySettings {
  readonly fallbacks: {
    /** A fallback may cost this many times what the asked model costs; undefined = any price. */
    readonly maxCostRatio: number | undefined
  }
  /** After so many ms without a first token the next candidate starts beside the first; undefined = never. */
  readonly hedgeAfterMs: number | undefined
  /** Hedge requests that have tools too. */
  readonly hedgeTools: boolean
  /** What follows when a stream breaks: an error event, or the next candidate going on from the text so far. */
  readonly midStream: 'error' | 'resume'
  /** How long a request may wait for a full deployment, in ms; 0 = not at all. */
  readonly queueMs: number
  readonly healthChecks: {
    /** Whose upstreams are asked for their lists of models every so often: one's own servers, all, or nobody's. */
    readonly scope: 'off' | 'local' | 'all'
    readonly intervalMs: number
  }
}
