import type { Deployment } from '../config/gateway-config.ts'
import type { Usage } from '../model/usage.ts'
import type { PriceSource } from './request-record.ts'

/** What one answer cost. `costNanoUsd` is null exactly when the source is `unknown` or there is no usage. */
export interface PricedUsage {
  readonly costNanoUsd: number | null
  readonly source: PriceSource
}

/** Knows prices. Exact decimal arithmetic; rounded once, half up, to whole nano-USD. */
export interface PriceBook {
  /** `at` in ms since the epoch: prices change with time. */
  price(deployment: Deployment, usage: Usage | null, at: number): PricedUsage
}
