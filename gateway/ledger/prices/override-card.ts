import type { PriceOverride, PriceParts } from '../../config/gateway-config.ts'
import { type Decimal, parseDecimal } from '../decimal.ts'
import { cardOf, type PriceSheet, type Rates } from './price-sheet.ts'
import type { RateCard } from './rate-card.ts'

/** True when the config gives any price at all. */
export function hasPrice(override: PriceOverride | undefined): override is PriceOverride {
  return override !== undefined && Object.values(override).some((value) => value !== undefined)
}

/**
 * The prices of the config for a request of this size and tier, laid over a list's. A part the config does not name
 * follows its base price: when the config names the input price, cached and cache-written tokens without a price of their
 * own are charged at that input price (never free, and never at a list's price for another contract); likewise
 * reasoning and output. Only where the config leaves the base price alone does the list's part hold. A tier that the
 * config does not name costs what the config says.
 *
 * Undefined when a text is no decimal number: reading the config refuses that, and guessing here would hide it.
 */
export function overrideCard(
  override: PriceOverride,
  listed: RateCard | undefined,
  request: { readonly inputTokens: number; readonly serviceTier: string | undefined },
): RateCard | undefined {
  const sheet = sheetOf(override)
  const card =
    sheet === undefined
      ? undefined
      : (cardOf(sheet, request.inputTokens, request.serviceTier) ?? cardOf(sheet, request.inputTokens, undefined))
  if (card === undefined || listed === undefined) return card
  const { input, output } = card
  return {
    input: input ?? listed.input,
    cached: card.cached ?? listed.cached,
    cacheWrite: card.cacheWrite ?? listed.cacheWrite,
    cacheWrite1h: card.cacheWrite1h ?? listed.cacheWrite1h,
    output: output ?? listed.output,
    reasoning: card.reasoning ?? listed.reasoning,
    request: card.request ?? (input === undefined ? listed.request : undefined),
  }
}

const sheets = new WeakMap<PriceOverride, PriceSheet | 'broken'>()

/** Read once per configuration. */
function sheetOf(override: PriceOverride): PriceSheet | undefined {
  const known = sheets.get(override)
  const sheet = known ?? readSheet(override)
  if (known === undefined) sheets.set(override, sheet)
  return sheet === 'broken' ? undefined : sheet
}

function readSheet(override: PriceOverride): PriceSheet | 'broken' {
  try {
    return {
      base: readRates(override),
      request: override.perRequest === undefined ? undefined : decimal(override.perRequest),
      steps: (override.steps ?? []).map((step) => ({ above: step.aboveTokens, rates: readRates(step) })),
      tiers: Object.fromEntries(
        Object.entries(override.serviceTiers ?? {}).map(([tier, parts]) => [tier, readRates(parts)]),
      ),
    }
  } catch {
    return 'broken'
  }
}

/** Only what is written is there, so that a step lays over its base. */
function readRates(parts: PriceParts): Rates {
  const written = {
    input: parts.inputPerToken,
    output: parts.outputPerToken,
    cached: parts.cachedPerToken,
    cacheWrite: parts.cacheWritePerToken,
    cacheWrite1h: parts.cacheWrite1hPerToken,
    reasoning: parts.reasoningPerToken,
  }
  return Object.fromEntries(
    Object.entries(written).flatMap(([part, text]) => (text === undefined ? [] : [[part, decimal(text)]])),
  )
}

function decimal(text: string): Decimal {
  const value = parseDecimal(text)
  if (value === undefined) throw new Error('This is no decimal number.')
  return value
}
