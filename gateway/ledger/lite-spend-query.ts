import { invalidParameter, type QueryParameters, readCount, readText } from './query-parameters.ts'
import { readMoment } from './spend-logs-query.ts'

/** LiteLLM's reports, by their paths. */
export const liteViews = [
  'spend/keys',
  'spend/users',
  'spend/tags',
  'global/spend',
  'global/spend/logs',
  'global/spend/keys',
  'global/spend/models',
  'global/spend/provider',
  'global/spend/tags',
  'global/spend/teams',
  'global/spend/report',
  'global/activity',
  'global/activity/model',
  'user/daily/activity',
] as const

export type LiteView = (typeof liteViews)[number]

/** What one of them asks for. Times in ms since the epoch, days in UTC. */
export interface LiteSpendQuery {
  readonly view: LiteView
  readonly since: number | undefined
  /** Not included. */
  readonly until: number | undefined
  /** Key id. */
  readonly keyId: string | undefined
  readonly model: string | undefined
  readonly user: string | undefined
  readonly limit: number
  readonly page: number
  readonly pageSize: number
  readonly groupBy: 'team' | 'api_key' | 'customer'
}

const groupings: readonly LiteSpendQuery['groupBy'][] = ['team', 'api_key', 'customer']
const dayMs = 86_400_000

/**
 * Reads the query of one of LiteLLM's reports: `start_date`, `end_date` (in UTC, the end included), `api_key` (the key's
 * id), `model`, `user_id`, `limit`, `page`, `page_size`, `group_by`. Without dates the last 30 days where LiteLLM means
 * those, else all. Throws GatewayError `invalid_field`.
 */
export function readLiteSpendQuery(view: LiteView, query: QueryParameters, now: number): LiteSpendQuery {
  const start = readText(query, 'start_date')
  const end = readText(query, 'end_date')
  const recent = view === 'global/spend/logs' || view.startsWith('global/activity') || view === 'user/daily/activity'
  const since = start === undefined ? (recent ? lastDays(now) : undefined) : readMoment('start_date', start).first
  const until = end === undefined ? undefined : readMoment('end_date', end).end
  if (since !== undefined && until !== undefined && until <= since) {
    throw invalidParameter('end_date', 'a date that is not before start_date', 'an earlier one')
  }
  const asked = readText(query, 'group_by') ?? 'team'
  const groupBy = groupings.find((name) => name === asked)
  if (groupBy === undefined) throw invalidParameter('group_by', `one of ${groupings.join(', ')}`, JSON.stringify(asked))
  return {
    view,
    since,
    until,
    keyId: readText(query, 'api_key'),
    model: readText(query, 'model'),
    user: readText(query, 'user_id'),
    limit: readCount(query, 'limit', { least: 1, most: 10_000 }) ?? 100,
    page: readCount(query, 'page', { least: 1, most: 1_000_000 }) ?? 1,
    pageSize: readCount(query, 'page_size', { least: 1, most: 1000 }) ?? 50,
    groupBy,
  }
}

/** The start of the UTC day 29 days ago: 30 days with today. */
function lastDays(now: number): number {
  return Math.floor(now / dayMs) * dayMs - 29 * dayMs
}
