import type { ConditionalPrice, ModelInfo, ModelPrice, TieredPrices } from '@pydantic/genai-prices'
import { type Decimal, decimalOfNumber, shiftDown } from '../decimal.ts'
import type { RateCard } from './rate-card.ts'

export interface PriceMoment {
  /** ms since the epoch. */
  readonly at: number
  /** Peak hours of this provider do not hold on Saturday and Sunday (UTC). */
  readonly weekdayPeaksOnly: boolean
}

/**
 * The rates of a catalogue model for one request: those valid at the moment, at the step
 * that the whole input of `inputTokens` reaches; the step holds for input and output alike. Undefined when the catalogue
 * has no token prices for it: a free or a forgotten model, which cannot be told apart, so it is unknown and not zero.
 *
 * Cached and cache-written tokens without a price of their own cost as much as fresh input, which is what providers
 * without a cache discount charge; reasoning tokens cost as much as output.
 */
export function catalogueCard(model: ModelInfo, inputTokens: number, moment: PriceMoment): RateCard | undefined {
  const prices = pricesAt(model.prices, moment)
  if (prices === undefined) return undefined
  const perToken = (key: string): Decimal | undefined => rate(prices[key], inputTokens, 6)
  const input = perToken('input_mtok')
  const output = perToken('output_mtok')
  if (input === undefined && output === undefined) return undefined
  return {
    input,
    cached: perToken('cache_read_mtok') ?? input,
    cacheWrite: perToken('cache_write_mtok') ?? input,
    cacheWrite1h: perToken('cache_write_1h_mtok') ?? perToken('cache_write_mtok') ?? input,
    output,
    reasoning: perToken('output_reasoning_mtok') ?? output,
    request: rate(prices.requests_kcount, inputTokens, 3),
  }
}

/** The last entry whose condition holds; the first one when none does. */
function pricesAt(prices: ModelInfo['prices'], moment: PriceMoment): ModelPrice | undefined {
  if (!Array.isArray(prices)) return prices
  return (prices.findLast((entry) => holdsAt(entry, moment)) ?? prices[0])?.prices
}

function holdsAt({ constraint }: ConditionalPrice, { at, weekdayPeaksOnly }: PriceMoment): boolean {
  if (constraint === undefined) return true
  if (constraint.type === 'start_date') return at >= Date.parse(constraint.start_date)
  if (weekdayPeaksOnly && isWeekend(at)) return false
  const start = timeOfDay(constraint.start_time)
  const end = timeOfDay(constraint.end_time)
  const now = ((at % dayMs) + dayMs) % dayMs
  return start <= end ? now >= start && now < end : now >= start || now < end
}

function isWeekend(at: number): boolean {
  const day = new Date(at).getUTCDay()
  return day === 0 || day === 6
}

const dayMs = 86_400_000

/** ms after midnight UTC of `01:00:00Z` or `01:00:00+02:00`. */
function timeOfDay(text: string): number {
  return ((Date.parse(`1970-01-01T${text}`) % dayMs) + dayMs) % dayMs
}

/** A figure per 10^`power` units as a price per unit. A step holds for inputs above its start. */
function rate(price: number | TieredPrices | undefined, inputTokens: number, power: number): Decimal | undefined {
  if (price === undefined) return undefined
  const figure = typeof price === 'number' ? price : stepPrice(price, inputTokens)
  const decimal = decimalOfNumber(figure)
  return decimal === undefined ? undefined : shiftDown(decimal, power)
}

function stepPrice(steps: TieredPrices, inputTokens: number): number {
  const reached = steps.tiers.filter((step) => inputTokens > step.start)
  return reached.reduce((best, step) => (step.start >= best.start ? step : best), { start: -1, price: steps.base })
    .price
}
