import type { Usage } from '../../model/usage.ts'
import { add, type Decimal, multiply, times, toNanoUsd, zero } from '../decimal.ts'

/** What one request is charged by: USD per token of each kind, and per request. An absent part has no known price. */
export interface RateCard {
  readonly input: Decimal | undefined
  readonly cached: Decimal | undefined
  readonly cacheWrite: Decimal | undefined
  /** Writes that are kept for an hour. */
  readonly cacheWrite1h: Decimal | undefined
  readonly output: Decimal | undefined
  readonly reasoning: Decimal | undefined
  /** USD per request, on top of the tokens. */
  readonly request: Decimal | undefined
}

/**
 * The exact cost in nano-USD, rounded once; undefined when tokens were used for which the card has no price. Cached and
 * cache-written tokens are part of the input total, reasoning tokens of the output total: each token is charged once.
 */
export function costOf(card: RateCard, usage: Usage): number | undefined {
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens, reasoningTokens, cacheWrite1hTokens = 0 } = usage
  const counts = [inputTokens, cachedTokens, cacheWriteTokens, cacheWrite1hTokens, outputTokens, reasoningTokens]
  for (const count of counts) if (!Number.isSafeInteger(count) || count < 0) return undefined
  // The parts never exceed their totals; if a provider broke that, the totals would be the smaller claim.
  const hourly = Math.min(cacheWrite1hTokens, cacheWriteTokens)
  const charges: readonly (readonly [number, Decimal | undefined])[] = [
    [Math.max(0, inputTokens - cachedTokens - cacheWriteTokens), card.input],
    [cachedTokens, card.cached],
    [cacheWriteTokens - hourly, card.cacheWrite],
    [hourly, card.cacheWrite1h],
    [Math.max(0, outputTokens - reasoningTokens), card.output],
    [reasoningTokens, card.reasoning],
  ]
  let total = card.request ?? zero
  for (const [tokens, rate] of charges) {
    if (tokens === 0) continue
    if (rate === undefined) return undefined
    const charge = multiply(rate, tokens)
    total = total === zero ? charge : add(total, charge)
  }
  return toNanoUsd(total)
}

/** Every price of a card times a factor: a tier at half the price. */
export function scaleCard(card: RateCard, factor: Decimal): RateCard {
  const scaled = (rate: Decimal | undefined) => (rate === undefined ? undefined : times(rate, factor))
  return {
    input: scaled(card.input),
    cached: scaled(card.cached),
    cacheWrite: scaled(card.cacheWrite),
    cacheWrite1h: scaled(card.cacheWrite1h),
    output: scaled(card.output),
    reasoning: scaled(card.reasoning),
    request: scaled(card.request),
  }
}
