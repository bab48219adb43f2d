import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'
import type { DimensionName, TierBoundaries } from '../model/complexity.ts'
import type { GatewayError } from '../model/errors.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { SwitchPosition } from '../model/switch-position.ts'
import type { Tier } from '../model/tier.ts'

/**
 * What is known of one deployment at the moment of a plan. Each part has one owner (cooldowns, quotas, health, backends,
 * budgets) and means "nothing known" when it is absent.
 */
export interface DeploymentCondition {
  /** Out of the plan until then, in ms since the epoch. */
  readonly cooledUntil?: number
  readonly cooledBy?: 'failures' | 'rate_limit'
  /** A quota window or all its slots are full; `until` in ms since the epoch, absent when only a running request's end frees it. */
  readonly full?: { readonly limit: string; readonly until?: number }
  /** Not to be asked until a probe passes; `reason` is a sentence part such as `is down: connection refused`. */
  readonly down?: { readonly reason: string }
  /** A budget of its provider or its own is used up; `reason` names it. */
  readonly overBudget?: { readonly reason: string }
  /** Slower than its own usual: ranks behind its equals. */
  readonly slow?: boolean
  /** Requests that run on it now. */
  readonly inFlight: number
  readonly requestsThisMinute: number
  readonly tokensThisMinute: number
  /** Usual ms to the first token of a stream, and per output token of a whole answer; absent until measured. */
  readonly firstTokenMs?: number
  readonly msPerToken?: number
}

/** USD per million tokens as plain numbers: to compare deployments, never to bill. */
export interface ComparablePrice {
  readonly input: number
  readonly output: number
}

/** Everything a plan depends on besides the request: immutable, so that a decision can be replayed. */
export interface RoutingSnapshot {
  /** ms since the epoch. */
  readonly now: number
  /** Undefined = nothing known: healthy and idle. */
  readonly condition: (deploymentId: string) => DeploymentCondition | undefined
  /** Undefined = unknown price. */
  readonly priceOf: (deployment: Deployment) => ComparablePrice | undefined
  /** Bytes of a request's JSON per input token, learned per deployment; absent = the general estimate. */
  readonly bytesPerToken: (deploymentId: string) => number | undefined
  readonly config: GatewayConfig
  /** Positions that differ from `auto`, by router name. */
  readonly switches: ReadonlyMap<string, SwitchPosition>
  /** `listed` on a fresh machine, `callable` once a real model was seen, `off` by configuration. */
  readonly demo: 'listed' | 'callable' | 'off'
  /** Names the caller's key may use; undefined = all. A key that may use a router may use its tiers. */
  readonly allowedModels: readonly string[] | undefined
  /** A number in [0, 1) that decides weighted choices: same number, same plan. */
  readonly random: number
}

/** One dimension's share of a score. `fired` lists the words or patterns that matched, in list order. */
export interface DimensionScore {
  readonly name: DimensionName
  readonly raw: number
  readonly weight: number
  readonly weighted: number
  readonly fired: readonly string[]
}

export type DecisionCause = 'score' | 'reasoning_override' | 'no_signal' | 'no_user_text' | 'pinned'

/** Why a router chose what it chose. */
export interface RouterDecision {
  readonly router: string
  /** The tier that the request was sent to, after replacing a missing tier. */
  readonly tier: Tier
  /** The tier the score asked for; differs from `tier` when that one has no model. */
  readonly wantedTier: Tier
  /** Null when nothing was scored (pinned, no user text). */
  readonly score: number | null
  readonly cause: DecisionCause
  readonly dimensions: readonly DimensionScore[]
  readonly boundaries: TierBoundaries
  /** Short, for `x-signalbox-reason`: `code 0.10, technical 0.25`. ASCII only, never prompt text beyond listed words. */
  readonly reason: string
}

/** One thing to try. Each deployment occurs at most once in a plan. */
export interface Candidate {
  readonly deployment: Deployment
  /** The group (`model_name`) it answers for: `x-signalbox-model`. */
  readonly group: string
  /** Place of its group in the chain: 0 = the asked or chosen group. Becomes `x-litellm-attempted-fallbacks`. */
  readonly chainIndex: number
  /** Request fields to add unless the client sent them (tier defaults over deployment defaults). */
  readonly defaults: Readonly<Record<string, JsonValue>>
  /** Fields that take the place of the request's own when this one is asked. */
  readonly changes?: JsonObject
}

export interface SkippedCandidate {
  readonly model: string
  readonly reason: string
  /** Absent when the whole model is meant. */
  readonly deploymentId?: string
}

/** A candidate that is only out for a while, and from when it may be tried (ms since the epoch; absent = when a slot gets free). */
export interface WaitingCandidate {
  readonly candidate: Candidate
  readonly until?: number
  /** True when it waits for a quota or a rate limit, false for a cooldown after failures. */
  readonly rateLimited: boolean
}

/** A deployment of the chain that was left out of the plan. */
export interface HinderedDeployment {
  readonly candidate: Candidate
  readonly kind:
    | 'no_key'
    | 'tags'
    | 'too_dear'
    | 'over_budget'
    | 'down'
    | 'too_long'
    | 'full'
    | 'rate_limited'
    | 'cooled'
  /** A sentence part: `is down: connection refused`. */
  readonly reason: string
  /** From when it may be tried, in ms since the epoch, where that is known. */
  readonly until?: number
}

/** The ordered plan for one request. */
export interface Plan {
  readonly asked: string
  /** The role or category that was asked for, by its full name; absent = none. */
  readonly role?: string
  readonly candidates: readonly Candidate[]
  readonly skipped: readonly SkippedCandidate[]
  /** Tried in place of what is left when an upstream says that the request is too long for it. */
  readonly onContextWindow: readonly Candidate[]
  /** Tried in place of what is left when an upstream refuses the content. */
  readonly onContentPolicy: readonly Candidate[]
  /** What a request may queue for when no candidate is left, soonest first. Empty unless the file allows waiting (`signalbox.queue_ms`). */
  readonly waiting: readonly WaitingCandidate[]
  /** What was left out and why, for the last word when all candidates failed; absent = nothing. */
  readonly hindered?: readonly HinderedDeployment[]
  /** One try, no repeat, no fallback, no queue. */
  readonly failFast: boolean
  readonly decision: RouterDecision | undefined
  /** Features of the prompt for the ledger (`routing/features.ts`); absent when no router was asked or there was no text. */
  readonly features?: JsonObject
  /** What to answer when there are no candidates and nothing comes of waiting; absent when there is something to try. */
  readonly refusal?: GatewayError | undefined
  /** Sentences for `x-signalbox-warning` and the log. */
  readonly warnings: readonly string[]
}
