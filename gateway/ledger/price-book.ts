import type { Deployment } from '../config/gateway-config.ts'
import type { Usage } from '../model/usage.ts'
import type { Billing, PriceSource } from './request-record.ts'

/** What one answer cost. `costNanoUsd` is null exactly when the source is `unknown` or there is no usage. */
export interface PricedUsage {
  readonly costNanoUsd: number | null
  readonly source: PriceSource
  readonly billing: Billing
  /** Where the price stands, in a few words; empty when it is unknown. */
  readonly provenance: string
}

/** Of an answer that nobody has a price for. */
export const unknownPrice: PricedUsage = { costNanoUsd: null, source: 'unknown', billing: 'billed', provenance: '' }

/** Knows prices. Exact decimal arithmetic; rounded once, half up, to whole nano-USD. */
export interface PriceBook {
  /** `at` in ms since the epoch: prices change with time. */
  price(deployment: Deployment, usage: Usage | null, at: number): PricedUsage
}
