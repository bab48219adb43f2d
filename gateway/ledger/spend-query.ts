import {
  type SpendFilter,
  SpendFilterSchema,
  type SpendGrouping,
  SpendGroupingSchema,
  type SpendQuery,
} from '../contract/spend.ts'
import { invalidParameter, type QueryParameters, readCount, readText } from './query-parameters.ts'

const groupings: readonly SpendGrouping[] = SpendGroupingSchema.anyOf.map((choice) => choice.const)
const filters = Object.keys(SpendFilterSchema.properties) as (keyof SpendFilter)[]
const buckets = ['day', 'hour'] as const

const moment = { least: 0, most: Number.MAX_SAFE_INTEGER }

/** Reads the query of `GET /api/spend`; `by` defaults to `model`. Throws GatewayError `invalid_field` naming the parameter. */
export function readSpendQuery(query: QueryParameters): SpendQuery {
  const since = readCount(query, 'since', moment)
  const until = readCount(query, 'until', moment)
  const limit = readCount(query, 'limit', { least: 1, most: 10_000 })
  const bucket = readChoice(query, 'bucket', buckets)
  return {
    by: readChoice(query, 'by', groupings) ?? 'model',
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(limit === undefined ? {} : { limit }),
    ...(bucket === undefined ? {} : { bucket }),
    ...readSpendFilter(query),
  }
}

/** The filters of a query; an empty one is none. */
export function readSpendFilter(query: QueryParameters): SpendFilter {
  const given = filters.flatMap((name) => {
    const value = readText(query, name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(given)
}

function readChoice<Choice extends string>(
  query: QueryParameters,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = readText(query, name)
  if (text === undefined) return undefined
  const known = choices.find((choice) => choice === text)
  if (known !== undefined) return known
  throw invalidParameter(name, `one of ${choices.join(', ')}`, JSON.stringify(text))
}
