import type { WrittenPrices } from '../../config/prices/price-catalogue.ts'
import type { WrittenModelPrices } from '../../config/schema/prices.ts'
import { type Decimal, parseDecimal, shiftDown, times } from '../decimal.ts'
import { isInPeak, type PeakHours, readHours } from './peak-hours.ts'
import type { PriceList, PriceQuery } from './price-list.ts'
import { cardOf, type PriceSheet, type Rates, stepReached } from './price-sheet.ts'
import { scaleCard } from './rate-card.ts'

/** Our own list: `resources/prices.yaml`. */
export interface OwnPrices extends PriceList {
  /** What a tier costs in proportion, where the provider says it for all its models. */
  tierFactor(query: Pick<PriceQuery, 'provider' | 'baseUrl' | 'serviceTier'>): Decimal | undefined
}

interface Period {
  /** ms since the epoch; -Infinity = from ever. */
  readonly from: number
  readonly sheet: PriceSheet
  readonly peak: { readonly hours: PeakHours; readonly sheet: PriceSheet } | undefined
}

interface OwnProvider {
  readonly id: string
  readonly bases: readonly string[]
  readonly tierFactors: ReadonlyMap<string, Decimal>
  /** Newest period first, by id in lower case. */
  readonly models: ReadonlyMap<string, { readonly name: string; readonly periods: readonly Period[] }>
}

/** Makes the list searchable; every decimal is read once. */
export function createOwnPrices({ providers: written }: WrittenPrices): OwnPrices {
  const providers = new Map<string, OwnProvider>()
  for (const [id, entry] of Object.entries(written)) {
    const provider: OwnProvider = {
      id,
      bases: entry.bases ?? [],
      tierFactors: new Map(Object.entries(entry.tiers ?? {}).map(([tier, text]) => [tier, decimal(text)])),
      models: readModels(entry.models, entry.write_1h_factor),
    }
    for (const prefix of [id, ...(entry.aliases ?? [])]) providers.set(prefix, provider)
  }
  const withBases = [...new Set(providers.values())].filter(({ bases }) => bases.length > 0)
  /** An address says more than a prefix: `openai/` with another base is another seller. */
  const providerOf = ({ provider, baseUrl }: Pick<PriceQuery, 'provider' | 'baseUrl'>): OwnProvider | undefined =>
    withBases.find(({ bases }) => bases.some((base) => baseUrl === base || baseUrl.startsWith(`${base}/`))) ??
    providers.get(provider)

  return {
    find(query) {
      const provider = providerOf(query)
      const model = provider?.models.get(query.model.toLowerCase())
      const period = model?.periods.find(({ from }) => query.at >= from)
      if (provider === undefined || model === undefined || period === undefined) return undefined
      const atPeak = period.peak !== undefined && isInPeak(period.peak.hours, query.at)
      const sheet = atPeak ? period.peak.sheet : period.sheet
      const card = tierCard(sheet, query, provider)
      if (card === undefined) return undefined
      const step = stepReached(sheet, query.inputTokens)
      const details = [
        ...(step === undefined ? [] : [`above ${step} tokens`]),
        ...(atPeak ? ['peak hours'] : []),
        ...(query.serviceTier === undefined ? [] : [query.serviceTier]),
      ]
      return { card, provenance: [`prices.yaml ${provider.id}/${model.name}`, ...details].join(', ') }
    },
    tierFactor(query) {
      return query.serviceTier === undefined ? undefined : providerOf(query)?.tierFactors.get(query.serviceTier)
    },
  }
}

function tierCard(sheet: PriceSheet, { inputTokens, serviceTier }: PriceQuery, provider: OwnProvider) {
  const named = cardOf(sheet, inputTokens, serviceTier)
  const factor = serviceTier === undefined ? undefined : provider.tierFactors.get(serviceTier)
  if (named !== undefined || factor === undefined) return named
  const usual = cardOf(sheet, inputTokens, undefined)
  return usual === undefined ? undefined : scaleCard(usual, factor)
}

function readModels(written: Readonly<Record<string, WrittenModelPrices>>, factor: string | undefined) {
  const models = new Map<string, { name: string; periods: readonly Period[] }>()
  for (const [name, row] of Object.entries(written)) {
    const later = (row.later ?? []).map((period) => readPeriod(period, factor, Date.parse(period.from)))
    const periods = [readPeriod(row, factor, Number.NEGATIVE_INFINITY), ...later]
    const newestFirst = periods.toSorted((left, right) => right.from - left.from)
    for (const id of [name, ...(row.also ?? [])]) models.set(id.toLowerCase(), { name, periods: newestFirst })
  }
  return models
}

type WrittenPeriod = Omit<WrittenModelPrices, 'also' | 'later' | 'source'>
type WrittenRates = Pick<
  WrittenModelPrices,
  'input' | 'output' | 'cached' | 'cache_write' | 'cache_write_1h' | 'reasoning'
>

function readPeriod(row: WrittenPeriod, factor: string | undefined, from: number): Period {
  const base = readRates(row, factor)
  const sheet: PriceSheet = {
    base,
    request: row.request === undefined ? undefined : decimal(row.request),
    steps: (row.above ?? []).map((step) => ({ above: step.tokens, rates: readRates(step, factor) })),
    tiers: Object.fromEntries(Object.entries(row.tiers ?? {}).map(([tier, rates]) => [tier, readRates(rates, factor)])),
  }
  const { peak } = row
  if (peak === undefined) return { from, sheet, peak: undefined }
  const hours = readHours(peak.hours, peak.weekdays_only ?? false)
  return { from, sheet, peak: { hours, sheet: { ...sheet, base: { ...base, ...readRates(peak, factor) } } } }
}

/** Only what is written is there, so that steps and peaks lay over their base. */
function readRates(row: WrittenRates, factor: string | undefined): Rates {
  const hourly = row.cache_write_1h === undefined ? hourlyWrite(row.input, factor) : perToken(row.cache_write_1h)
  const rates = {
    input: row.input,
    output: row.output,
    cached: row.cached,
    cacheWrite: row.cache_write,
    reasoning: row.reasoning,
  }
  const given = Object.entries(rates).flatMap(([part, text]) => (text === undefined ? [] : [[part, perToken(text)]]))
  return { ...Object.fromEntries(given), ...(hourly === undefined ? {} : { cacheWrite1h: hourly }) }
}

function hourlyWrite(input: string | undefined, factor: string | undefined): Decimal | undefined {
  return input === undefined || factor === undefined ? undefined : times(perToken(input), decimal(factor))
}

function perToken(perMillion: string): Decimal {
  return shiftDown(decimal(perMillion), 6)
}

function decimal(text: string): Decimal {
  const value = parseDecimal(text)
  if (value === undefined) throw new Error(`The price list holds a price that is no decimal number: ${text}`)
  return value
}
