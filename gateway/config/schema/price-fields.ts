import { Type } from 'typebox'

const perToken = () => Type.Optional(Type.String({ decimal: true }))

/** USD per token, kept as the decimal text of the file. Accepted in `litellm_params` and in `model_info`. */
export const PriceFieldSchemas = {
  input_cost_per_token: perToken(),
  output_cost_per_token: perToken(),
  cache_read_input_token_cost: perToken(),
  cache_creation_input_token_cost: perToken(),
  output_cost_per_reasoning_token: perToken(),
}

export type PriceFieldName = keyof typeof PriceFieldSchemas
