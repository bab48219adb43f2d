import type { Dialect } from '../model/dialect.ts'
import type { JsonObject } from '../model/json.ts'
import type { RequestPurpose } from '../model/request-facts.ts'
import type { Tier } from '../model/tier.ts'
import type { Usage } from '../model/usage.ts'

/** Where the price of a request came from. `unknown` has no cost at all: never zero. `cache`: nothing, since no upstream was asked. */
export const priceSources = ['override', 'catalogue', 'demo', 'cache', 'unknown'] as const

export type PriceSource = (typeof priceSources)[number]

/**
 * How the provider is paid: per token, by subscription, or not at all because the model runs here. Only `billed` is money
 * spent on requests; the cost of the others is what the same tokens would have cost (`demo`: a pretend price).
 */
export const billingKinds = ['billed', 'flat_rate', 'local', 'demo'] as const

export type Billing = (typeof billingKinds)[number]

/** One finished request as the ledger keeps it. Holds no prompt and no answer. Times in ms since the epoch. */
export interface RequestRecord {
  /** The call id, also sent as `x-litellm-call-id`. */
  readonly id: string
  readonly startedAt: number
  readonly keyId: string
  readonly keyAlias: string | null
  /** Name of the coding agent, read from its headers (`opencode`, `claude-code`…). */
  readonly agent: string | null
  readonly sessionId: string | null
  readonly endUser: string | null
  /** The user and the team that the key belongs to. */
  readonly userId: string | null
  readonly teamId: string | null
  readonly tags: readonly string[]
  readonly dialect: Dialect
  readonly askedModel: string
  /** The role or category that was asked for, by its full name (`role/oracle`); null or absent = none. */
  readonly role?: string | null
  /** What the agent wants it for, where that can be told from its work. */
  readonly purpose?: RequestPurpose | null
  readonly router: string | null
  readonly tier: Tier | null
  readonly score: number | null
  readonly reason: string | null
  /** Versioned features of the prompt for later replay: numbers and listed words, never text. */
  readonly features: JsonObject | null
  /** The group that answered (`x-signalbox-model`). */
  readonly modelName: string | null
  readonly deploymentId: string | null
  readonly provider: string | null
  readonly upstreamModel: string | null
  readonly attempts: readonly AttemptRecord[]
  /** What the plan left out, and why; absent = nothing. */
  readonly skipped?: readonly SkippedRecord[]
  /** Place of the answering group in the chain. */
  readonly fallbacks: number
  /** HTTP status the client got. */
  readonly status: number
  readonly errorCode: string | null
  readonly stream: boolean
  /** Null when the upstream reported none. */
  readonly usage: Usage | null
  /** Integer nano-USD; null = unknown price or unknown usage. */
  readonly costNanoUsd: number | null
  /**
   * What it has probably cost beyond that, nano-USD paid per token: an answer without reported usage, one that was cut, the
   * loser of a hedge, the first part of a resumed stream. Counted, not reported: never part of `costNanoUsd`. Absent = 0.
   */
  readonly estimatedNanoUsd?: number
  /** The tokens of that, also where nothing is paid for them. For the limits of this minute only: not kept. */
  readonly estimatedTokens?: number
  readonly priceSource: PriceSource
  readonly billing: Billing
  /** Where the price stands, in a few words: `genai-prices openai/gpt-5.4`. Empty when nothing was priced. */
  readonly priceProvenance: string
  /** What the router's top tier would have cost more than this answer, nano-USD; null without a router or where a price is unknown. */
  readonly savingsNanoUsd: number | null
  /** Answered from the cache of answers, without an upstream. */
  readonly cache: 'hit' | null
  /** ms from arrival to the first output; null when none came. */
  readonly firstTokenMs: number | null
  readonly totalMs: number
  readonly warnings: readonly string[]
  /** What was decided and what came of it, in one sentence for people; null in rows from before it was kept. */
  readonly explanation: string | null
}

/** `deploymentId` is absent when the whole model is meant. `reason` is a sentence part. */
export interface SkippedRecord {
  readonly model: string
  readonly deploymentId?: string
  readonly reason: string
}

export interface AttemptRecord {
  readonly deploymentId: string
  readonly model: string
  readonly status: number | null
  /** `answered`, or the error code that ended it. */
  readonly outcome: string
  /** ms after the request's arrival. */
  readonly startedMs: number
  readonly durationMs: number
  /** What this attempt cost by itself (the loser of a hedge, the first part of a resumed stream), nano-USD. */
  readonly costNanoUsd?: number
  /** True when that cost rests on counted, not on reported tokens. */
  readonly estimated?: boolean
  /** Why it was made or given up, in a few words. */
  readonly reason?: string
  /** Characters of the answer that the client had when a resumed stream went on from here. */
  readonly seam?: number
}

/** The money fields of a request that no upstream was asked for. */
export const unpriced = {
  costNanoUsd: null,
  priceSource: 'unknown',
  billing: 'billed',
  priceProvenance: '',
  savingsNanoUsd: null,
  cache: null,
} as const satisfies Partial<RequestRecord>

/** What a request really cost, in nano-USD: 0 where nothing is paid per token and where nothing is known. */
export function billedCost(record: Pick<RequestRecord, 'costNanoUsd' | 'billing'>): number {
  return record.billing === 'billed' ? (record.costNanoUsd ?? 0) : 0
}

/** What budgets count of a request, nano-USD: what it cost, and what it has probably cost beyond. */
export function spentCost(record: Pick<RequestRecord, 'costNanoUsd' | 'billing' | 'estimatedNanoUsd'>): number {
  return billedCost(record) + (record.estimatedNanoUsd ?? 0)
}
