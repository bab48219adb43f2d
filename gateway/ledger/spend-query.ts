import type { SpendGrouping, SpendQuery } from '../contract/spend.ts'
import { invalidParameter, type QueryParameters, readCount, readText } from './query-parameters.ts'

const groupings = [
  'model',
  'provider',
  'router',
  'tier',
  'agent',
  'key',
  'session',
  'day',
  'hour',
] as const satisfies readonly SpendGrouping[]

const moment = { least: 0, most: Number.MAX_SAFE_INTEGER }

/** Reads the query of `GET /api/spend`; `by` defaults to `model`. Throws GatewayError `invalid_field` naming the parameter. */
export function readSpendQuery(query: QueryParameters): SpendQuery {
  const since = readCount(query, 'since', moment)
  const until = readCount(query, 'until', moment)
  const limit = readCount(query, 'limit', { least: 1, most: 10_000 })
  return {
    by: readGrouping(query),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(limit === undefined ? {} : { limit }),
  }
}

function readGrouping(query: QueryParameters): SpendGrouping {
  const text = readText(query, 'by') ?? 'model'
  const known = groupings.find((grouping) => grouping === text)
  if (known !== undefined) return known
  throw invalidParameter('by', `one of ${groupings.join(', ')}`, JSON.stringify(text))
}
