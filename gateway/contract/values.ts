import { Type } from 'typebox'

/** Shared value shapes of the control API. Times are ms since the epoch, durations ms, money integer nano-USD. */
export const TierSchema = Type.Union([
  Type.Literal('SIMPLE'),
  Type.Literal('MEDIUM'),
  Type.Literal('COMPLEX'),
  Type.Literal('REASONING'),
])

export const SwitchPositionSchema = Type.Union([
  Type.Object({ mode: Type.Literal('auto') }, { additionalProperties: false }),
  Type.Object({ mode: Type.Literal('pinned'), tier: TierSchema }, { additionalProperties: false }),
  Type.Object({ mode: Type.Literal('off') }, { additionalProperties: false }),
])

export const PriceSourceSchema = Type.Union([
  Type.Literal('override'),
  Type.Literal('catalogue'),
  Type.Literal('demo'),
  Type.Literal('cache'),
  Type.Literal('unknown'),
])

/** A value that may be absent: always present in the JSON, as null. */
export function nullable<Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}
