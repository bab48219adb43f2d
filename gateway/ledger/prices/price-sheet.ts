import type { Decimal } from '../decimal.ts'
import type { RateCard } from './rate-card.ts'

/** Prices as somebody wrote them, in USD per token: what is left out follows from the rest. */
export type Rates = Readonly<
  Partial<Record<'input' | 'output' | 'cached' | 'cacheWrite' | 'cacheWrite1h' | 'reasoning', Decimal | undefined>>
>

/** All prices of one model at one moment. */
export interface PriceSheet {
  readonly base: Rates
  /** USD per request. */
  readonly request: Decimal | undefined
  /** Prices of the whole request once its input has more tokens than `above`. */
  readonly steps: readonly { readonly above: number; readonly rates: Rates }[]
  /** By service tier. */
  readonly tiers: Readonly<Record<string, Rates>>
}

/** Service tiers that change a price; every other word of a provider means the usual one. */
const pricedTiers: ReadonlySet<string> = new Set(['flex', 'priority', 'batch', 'fast', 'ultrafast', 'scale'])

/** The tier of an answer as far as prices know it; undefined = the usual one. */
export function pricedTier(serviceTier: string | undefined): string | undefined {
  const tier = serviceTier?.toLowerCase()
  return tier !== undefined && pricedTiers.has(tier) ? tier : undefined
}

/**
 * The card of a request with so many input tokens. Undefined when the tier has no price here, or none for an input of
 * this size: what a tier costs cannot be guessed.
 */
export function cardOf(sheet: PriceSheet, inputTokens: number, tier: string | undefined): RateCard | undefined {
  const reached = sheet.steps.filter(({ above }) => inputTokens > above)
  if (tier === undefined) {
    const step = reached.reduce<(typeof reached)[number] | undefined>(
      (highest, next) => (highest === undefined || next.above > highest.above ? next : highest),
      undefined,
    )
    return completed({ ...sheet.base, ...step?.rates }, sheet.request)
  }
  const rates = Object.hasOwn(sheet.tiers, tier) ? sheet.tiers[tier] : undefined
  return rates === undefined || reached.length > 0 ? undefined : completed(rates, sheet.request)
}

/** The highest step an input of this size reaches, for telling; undefined = none. */
export function stepReached(sheet: PriceSheet, inputTokens: number): number | undefined {
  const reached = sheet.steps.map(({ above }) => above).filter((above) => inputTokens > above)
  return reached.length === 0 ? undefined : Math.max(...reached)
}

/** Cached and written tokens without a price cost as much as fresh input, reasoning as much as output. */
function completed(rates: Rates, request: Decimal | undefined): RateCard {
  const { input, output } = rates
  const cacheWrite = rates.cacheWrite ?? input
  return {
    input,
    cached: rates.cached ?? input,
    cacheWrite,
    cacheWrite1h: rates.cacheWrite1h ?? cacheWrite,
    output,
    reasoning: rates.reasoning ?? output,
    request,
  }
}
