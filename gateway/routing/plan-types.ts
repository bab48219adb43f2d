import type { Deployment, GatewayConfig } from '../config/gateway-config.ts'
import type { DimensionName, TierBoundaries } from '../model/complexity.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { SwitchPosition } from '../model/switch-position.ts'
import type { Tier } from '../model/tier.ts'

/** Everything a plan depends on besides the request: immutable, so that a decision can be replayed. */
export interface RoutingSnapshot {
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
}

export interface SkippedCandidate {
  readonly model: string
  readonly reason: string
}

/** The ordered plan for one request. */
export interface Plan {
  readonly asked: string
  readonly candidates: readonly Candidate[]
  readonly skipped: readonly SkippedCandidate[]
  readonly decision: RouterDecision | undefined
  /** Features of the prompt for the ledger (`routing/features.ts`); absent when no router was asked or there was no text. */
  readonly features?: JsonObject
  /** Sentences for `x-signalbox-warning` and the log. */
  readonly warnings: readonly string[]
}
