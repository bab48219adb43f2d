import type { RateCard } from './rate-card.ts'

/** What is asked of a list of prices. */
export interface PriceQuery {
  /** The prefix. */
  readonly provider: string
  readonly baseUrl: string
  readonly model: string
  /** The whole input: steps go by it. */
  readonly inputTokens: number
  /** As `pricedTier` reads it; undefined = the usual one. */
  readonly serviceTier: string | undefined
  /** ms since the epoch. */
  readonly at: number
}

export interface FoundPrice {
  readonly card: RateCard
  /** Where it stands, in a few words. */
  readonly provenance: string
}

/** Prices of models that are exactly known; undefined for all others. */
export interface PriceList {
  find(query: PriceQuery): FoundPrice | undefined
}
