import type { Usage } from '../../model/usage.ts'
import { add, type Decimal, multiply, toNanoUsd, zero } from '../decimal.ts'

/** What one request is charged by: USD per token of each kind, and per request. An absent part has no known price. */
export interface RateCard {
  readonly input: Decimal | undefined
  readonly cached: Decimal | undefined
  readonly cacheWrite: Decimal | undefined
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
  const counts = Object.values(usage).filter((value) => typeof value === 'number')
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return undefined
  // The parts never exceed their totals; if a provider broke that, the totals would be the smaller claim.
  const freshInput = Math.max(0, usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens)
  const plainOutput = Math.max(0, usage.outputTokens - usage.reasoningTokens)
  const charges: readonly (readonly [number, Decimal | undefined])[] = [
    [freshInput, card.input],
    [usage.cachedTokens, card.cached],
    [usage.cacheWriteTokens, card.cacheWrite],
    [plainOutput, card.output],
    [usage.reasoningTokens, card.reasoning],
  ]
  let total = card.request ?? zero
  for (const [tokens, rate] of charges) {
    if (tokens === 0) continue
    if (rate === undefined) return undefined
    total = add(total, multiply(rate, tokens))
  }
  return toNanoUsd(total)
}
