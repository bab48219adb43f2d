import type { PriceOverride } from '../gateway-config.ts'
import type { PriceFieldName } from '../schema/price-fields.ts'

type PriceSource = Readonly<Partial<Record<PriceFieldName, string | undefined>>>

/** Prices in USD per token as decimal text; `litellm_params` wins over `model_info`. Undefined when neither names any. */
export function compilePrices(params: PriceSource, modelInfo: PriceSource | undefined): PriceOverride | undefined {
  const price = (name: PriceFieldName) => params[name] ?? modelInfo?.[name]
  const prices: PriceOverride = {
    inputPerToken: price('input_cost_per_token'),
    outputPerToken: price('output_cost_per_token'),
    cachedPerToken: price('cache_read_input_token_cost'),
    cacheWritePerToken: price('cache_creation_input_token_cost'),
    reasoningPerToken: price('output_cost_per_reasoning_token'),
  }
  return Object.values(prices).some((value) => value !== undefined) ? prices : undefined
}
