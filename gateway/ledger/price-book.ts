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

/** What of a deployment prices depend on. */
export type PricedDeployment = Pick<
  Deployment,
  'provider' | 'upstreamModel' | 'baseUrl' | 'baseModel' | 'prices' | 'adapter' | 'billing'
>

/** Knows prices. Exact decimal arithmetic; rounded once, half up, to whole nano-USD. */
export interface PriceBook {
  /** `at` in ms since the epoch: prices change with time. */
  price(deployment: PricedDeployment, usage: Usage | null, at: number): PricedUsage
  /** USD per million tokens as plain numbers, to choose between deployments: 0 where nothing is paid per token, undefined = unknown. */
  comparablePrice(
    deployment: PricedDeployment,
    at: number,
  ): { readonly input: number; readonly output: number } | undefined
}
