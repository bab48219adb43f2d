import type { Dialect } from '../model/dialect.ts'
import type { JsonObject } from '../model/json.ts'
import type { Tier } from '../model/tier.ts'
import type { Usage } from '../model/usage.ts'

/** Where the price of a request came from. `unknown` has no cost at all: never zero. */
export const priceSources = ['override', 'catalogue', 'demo', 'unknown'] as const

export type PriceSource = (typeof priceSources)[number]

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
  readonly tags: readonly string[]
  readonly dialect: Dialect
  readonly askedModel: string
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
  readonly priceSource: PriceSource
  /** ms from arrival to the first output; null when none came. */
  readonly firstTokenMs: number | null
  readonly totalMs: number
  readonly warnings: readonly string[]
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
}

/** What a request really cost, in nano-USD: 0 for the pretend price of a demo model and where nothing is known. */
export function billedCost(record: Pick<RequestRecord, 'costNanoUsd' | 'priceSource'>): number {
  return record.priceSource === 'demo' ? 0 : (record.costNanoUsd ?? 0)
}
