import type { PriceOverride, PriceParts, PriceStep } from '../gateway-config.ts'
import {
  type PriceFieldName,
  priceTierEndings,
  stepPriceName,
  stepSizes,
  tierPriceName,
} from '../schema/price-fields.ts'

type PriceSource = Readonly<Partial<Record<PriceFieldName, string | undefined>>>
type PriceReader = (name: PriceFieldName) => string | undefined

/** Prices in USD per token as decimal text; `litellm_params` wins over `model_info`. Undefined when neither names any. */
export function compilePrices(params: PriceSource, modelInfo: PriceSource | undefined): PriceOverride | undefined {
  const price: PriceReader = (name) => params[name] ?? modelInfo?.[name]
  const hourlyWrite = price('cache_creation_input_token_cost_above_1hr')
  const perRequest = price('input_cost_per_request')
  const steps = priceSteps(price)
  const serviceTiers = tierPrices(price)
  const prices: PriceOverride = {
    inputPerToken: price('input_cost_per_token'),
    outputPerToken: price('output_cost_per_token'),
    cachedPerToken: price('cache_read_input_token_cost'),
    cacheWritePerToken: price('cache_creation_input_token_cost'),
    reasoningPerToken: price('output_cost_per_reasoning_token'),
    ...(hourlyWrite === undefined ? {} : { cacheWrite1hPerToken: hourlyWrite }),
    ...(perRequest === undefined ? {} : { perRequest }),
    ...(steps.length === 0 ? {} : { steps }),
    ...(Object.keys(serviceTiers).length === 0 ? {} : { serviceTiers }),
  }
  return Object.values(prices).some((value) => value !== undefined) ? prices : undefined
}

function priceSteps(price: PriceReader): PriceStep[] {
  return Object.entries(stepSizes).flatMap(([size, aboveTokens]) => {
    const parts = partsOf((base) => price(stepPriceName(base, size)))
    return parts === undefined ? [] : [{ aboveTokens, ...parts }]
  })
}

function tierPrices(price: PriceReader): Record<string, PriceParts> {
  return Object.fromEntries(
    Object.entries(priceTierEndings).flatMap(([ending, tier]) => {
      const parts = partsOf((base) => price(tierPriceName(base, ending)))
      return parts === undefined ? [] : [[tier, parts]]
    }),
  )
}

type BaseName = Parameters<typeof stepPriceName>[0]

function partsOf(read: (base: BaseName) => string | undefined): PriceParts | undefined {
  const parts: PriceParts = {
    inputPerToken: read('input_cost_per_token'),
    outputPerToken: read('output_cost_per_token'),
    cachedPerToken: read('cache_read_input_token_cost'),
    cacheWritePerToken: read('cache_creation_input_token_cost'),
    reasoningPerToken: undefined,
  }
  return Object.values(parts).some((value) => value !== undefined) ? parts : undefined
}

/**
 * True when the entry says what its tokens cost: then they are paid per token, whatever is usual with the provider. A
 * price of 0 says nothing of the kind.
 */
export function isPriced(prices: PriceOverride | undefined): boolean {
  return [prices?.inputPerToken, prices?.outputPerToken].some((text) => text !== undefined && Number(text) > 0)
}
