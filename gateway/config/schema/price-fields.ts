import { Type } from 'typebox'

const perToken = () => Type.Optional(Type.String({ decimal: true }))

/** Prices that LiteLLM also knows above a size of the whole input and for a service tier of the provider. */
export const basePriceNames = [
  'input_cost_per_token',
  'output_cost_per_token',
  'cache_read_input_token_cost',
  'cache_creation_input_token_cost',
] as const

/** The sizes in names such as `input_cost_per_token_above_200k_tokens`: LiteLLM's, and those of other providers. */
export const stepSizes = {
  '100k': 100_000,
  '128k': 128_000,
  '200k': 200_000,
  '256k': 256_000,
  '272k': 272_000,
  '512k': 512_000,
} as const

/** LiteLLM's endings, and the tier's name in a provider's answer. */
export const priceTierEndings = { flex: 'flex', priority: 'priority', batches: 'batch' } as const

type BaseName = (typeof basePriceNames)[number]
type StepSize = keyof typeof stepSizes
export type StepPriceName = `${BaseName}_above_${StepSize}_tokens`
export type TierPriceName = `${BaseName}_${keyof typeof priceTierEndings}`

export const stepPriceName = (base: BaseName, size: string) => `${base}_above_${size}_tokens` as StepPriceName
export const tierPriceName = (base: BaseName, ending: string) => `${base}_${ending}` as TierPriceName

type PerToken = ReturnType<typeof perToken>

const stepFields = Object.fromEntries(
  basePriceNames.flatMap((base) => Object.keys(stepSizes).map((size) => [stepPriceName(base, size), perToken()])),
) as Record<StepPriceName, PerToken>

const tierFields = Object.fromEntries(
  basePriceNames.flatMap((base) =>
    Object.keys(priceTierEndings).map((ending) => [tierPriceName(base, ending), perToken()]),
  ),
) as Record<TierPriceName, PerToken>

/** USD per token (or per request), kept as the decimal text of the file. Accepted in `litellm_params` and in `model_info`. */
export const PriceFieldSchemas = {
  input_cost_per_token: perToken(),
  output_cost_per_token: perToken(),
  cache_read_input_token_cost: perToken(),
  cache_creation_input_token_cost: perToken(),
  cache_creation_input_token_cost_above_1hr: perToken(),
  output_cost_per_reasoning_token: perToken(),
  input_cost_per_request: perToken(),
  ...stepFields,
  ...tierFields,
}

export type PriceFieldName = keyof typeof PriceFieldSchemas

/** How the provider is paid: per token, by subscription, or not at all because the model runs here. */
export const BillingSchema = Type.Union([Type.Literal('billed'), Type.Literal('flat_rate'), Type.Literal('local')])
