import { noUsage } from '../../model/usage.ts'
import type { PriceBook, PricedDeployment } from '../price-book.ts'

/** Tokens that a price is read off: so few that no step for long inputs applies, so many that rounding to nano-USD is nothing. */
const sample = 10_000

/** USD per million tokens as plain numbers, to tell and not to reckon with. */
export interface CostPerMillion {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

/** What a deployment costs at a moment (ms since the epoch); undefined = unknown. What is not paid per token costs 0. */
export function costPerMillion(
  prices: PriceBook,
  deployment: PricedDeployment,
  at: number,
): CostPerMillion | undefined {
  const { input, output } = prices.comparablePrice(deployment, at) ?? {}
  if (input === undefined || output === undefined) return undefined
  if (input === 0 && output === 0) return { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
  const read = prices.price(deployment, { ...noUsage, inputTokens: sample, cachedTokens: sample }, at).costNanoUsd
  const write = prices.price(deployment, { ...noUsage, inputTokens: sample, cacheWriteTokens: sample }, at).costNanoUsd
  const perMillion = (nanoUsd: number | null) => rounded(nanoUsd === null ? input : nanoUsd / sample / 1000)
  return { input: rounded(input), output: rounded(output), cacheRead: perMillion(read), cacheWrite: perMillion(write) }
}

function rounded(usd: number): number {
  return Number(usd.toFixed(6))
}
