import { type Static, Type } from 'typebox'

const perMillion = () => Type.Optional(Type.String({ decimal: true }))

const rateFields = {
  input: perMillion(),
  output: perMillion(),
  cached: perMillion(),
  cache_write: perMillion(),
  cache_write_1h: perMillion(),
  reasoning: perMillion(),
}

const RatesSchema = Type.Object(rateFields)
const tokenCount = () => Type.Integer({ minimum: 1 })

const pricedFields = {
  ...rateFields,
  /** USD per request. */
  request: perMillion(),
  above: Type.Optional(Type.Array(Type.Object({ tokens: tokenCount(), ...rateFields }))),
  tiers: Type.Optional(Type.Record(Type.String(), RatesSchema)),
  peak: Type.Optional(
    Type.Object({ hours: Type.Array(Type.String()), weekdays_only: Type.Optional(Type.Boolean()), ...rateFields }),
  ),
}

/** The prices of one model in `resources/prices.yaml`. */
export const ModelPricesSchema = Type.Object({
  ...pricedFields,
  also: Type.Optional(Type.Array(Type.String())),
  later: Type.Optional(Type.Array(Type.Object({ from: Type.String(), ...pricedFields }))),
  source: Type.String(),
})

export type WrittenModelPrices = Static<typeof ModelPricesSchema>

/** `resources/prices.yaml`. */
export const PricesFileSchema = Type.Object({
  providers: Type.Record(
    Type.String(),
    Type.Object({
      aliases: Type.Optional(Type.Array(Type.String())),
      bases: Type.Optional(Type.Array(Type.String())),
      write_1h_factor: perMillion(),
      tiers: Type.Optional(Type.Record(Type.String(), Type.String({ decimal: true }))),
      models: Type.Record(Type.String(), ModelPricesSchema),
    }),
  ),
})
