import type { ModelPrice } from '../../contract/models.ts'
import { noUsage, type Usage } from '../../model/usage.ts'
import type { PriceBook, PricedDeployment } from '../price-book.ts'

/** Tokens that a price is read off: so few that no step for long inputs applies, so many that rounding to nano-USD is nothing. */
const sample = 10_000

/**
 * The prices of a deployment at a moment (ms since the epoch), part by part, and where they stand. Unlike costPerMillion
 * it tells what tokens of a subscription or of a local model would cost, and leaves unknown what is unknown.
 */
export function pricePerMillion(prices: PriceBook, deployment: PricedDeployment, at: number): ModelPrice {
  const read = (usage: Partial<Usage>): number | null => {
    const { costNanoUsd } = prices.price(deployment, { ...noUsage, ...usage }, at)
    return costNanoUsd === null ? null : Number((costNanoUsd / sample / 1000).toFixed(6))
  }
  const { provenance } = prices.price(deployment, { ...noUsage, inputTokens: 1, outputTokens: 1 }, at)
  return {
    input: read({ inputTokens: sample }),
    output: read({ outputTokens: sample }),
    cacheRead: read({ inputTokens: sample, cachedTokens: sample }),
    cacheWrite: read({ inputTokens: sample, cacheWriteTokens: sample }),
    provenance,
  }
}
