import type { PriceOverride } from '../../config/gateway-config.ts'
import { type Decimal, parseDecimal } from '../decimal.ts'
import type { RateCard } from './rate-card.ts'

/** True when the config gives any price at all. */
export function hasPrice(override: PriceOverride | undefined): override is PriceOverride {
  return override !== undefined && Object.values(override).some((text) => text !== undefined)
}

/**
 * Lays the prices of the config over the catalogue's. A part the config does not name follows its base price: when the
 * config names the input price, cached and cache-written tokens without a price of their own are charged at that input
 * price (never free, and never at the catalogue's price for another contract); likewise reasoning and output. Only where
 * the config leaves the base price alone does the catalogue's part hold.
 *
 * Undefined when a text is no decimal number: reading the config refuses that, and guessing here would hide it.
 */
export function overrideCard(override: PriceOverride, catalogue: RateCard | undefined): RateCard | undefined {
  const read = (text: string | undefined): Decimal | undefined => (text === undefined ? undefined : parseDecimal(text))
  if (Object.values(override).some((text) => text !== undefined && read(text) === undefined)) return undefined
  const input = read(override.inputPerToken)
  const output = read(override.outputPerToken)
  return {
    input: input ?? catalogue?.input,
    cached: read(override.cachedPerToken) ?? input ?? catalogue?.cached,
    cacheWrite: read(override.cacheWritePerToken) ?? input ?? catalogue?.cacheWrite,
    output: output ?? catalogue?.output,
    reasoning: read(override.reasoningPerToken) ?? output ?? catalogue?.reasoning,
    request: input === undefined ? catalogue?.request : undefined,
  }
}
