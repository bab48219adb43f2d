import type { Usage } from '../model/usage.ts'
import type { PriceBook, PricedDeployment, PricedUsage } from './price-book.ts'
import { billedCost } from './request-record.ts'

/** How savings are computed, for people. */
export const savingsFormula =
  'For each routed answer: what its tokens would have cost at the prices of the first model of the router’s highest tier (the same input, cache reads and writes, and output), minus what was billed. Answers where either price is unknown are left out and counted.'

/**
 * What an answer cost less than the router's top tier would have, in nano-USD; negative when it cost more. The same
 * tokens at the other model's prices: cache reads are those that were observed. What is not paid per token costs 0 on
 * either side. Null where a price or the usage is unknown, and for pretend money.
 */
export function savingsOf(
  prices: Pick<PriceBook, 'price'>,
  topTier: PricedDeployment | undefined,
  answer: { readonly price: PricedUsage; readonly usage: Usage | null; readonly at: number },
): number | null {
  const { price, usage, at } = answer
  if (topTier === undefined || usage === null || price.billing === 'demo' || isUnknown(price)) return null
  const instead = prices.price(topTier, usage, at)
  return instead.billing === 'demo' || isUnknown(instead) ? null : billedCost(instead) - billedCost(price)
}

/** Where nothing is paid per token the cost is known without a price. */
function isUnknown({ billing, costNanoUsd }: PricedUsage): boolean {
  return billing === 'billed' && costNanoUsd === null
}
