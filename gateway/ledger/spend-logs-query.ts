import { invalidParameter, type QueryParameters, readCount, readFlag, readText } from './query-parameters.ts'

/** What `GET /spend/logs` asks for. Times in ms since the epoch. */
export interface SpendLogsQuery {
  readonly limit: number
  readonly offset: number
  /** Key id: the SHA-256 of the key in hex, or `master`. */
  readonly keyId: string | undefined
  readonly requestId: string | undefined
  readonly endUser: string | undefined
  readonly since: number | undefined
  /** Not included. */
  readonly until: number | undefined
  /** Sums per UTC day instead of rows. */
  readonly perDay: boolean
}

const defaultLimit = 1000
const largestLimit = 100_000
const dayMs = 86_400_000
/** Every day of the range is listed, so the range is bounded. */
const longestRangeDays = 3660

/**
 * Reads the query string of `GET /spend/logs`, LiteLLM's names: `limit`, `offset`, `api_key` (the key's
 * id: its hash), `request_id`, `user_id` (the end user), `start_date` and `end_date` (`2026-11-20`, in UTC, the end
 * included, or a full time), `summarize`. Both dates ask for sums per day unless `summarize=false`. Unknown names are
 * ignored. Throws GatewayError `invalid_field` naming the parameter.
 */
export function readSpendLogsQuery(query: QueryParameters): SpendLogsQuery {
  const startDate = readText(query, 'start_date')
  const endDate = readText(query, 'end_date')
  const since = startDate === undefined ? undefined : readMoment('start_date', startDate).first
  const until = endDate === undefined ? undefined : readMoment('end_date', endDate).end
  const summarize = readFlag(query, 'summarize') ?? true
  const perDay = since !== undefined && until !== undefined && summarize
  if (since !== undefined && until !== undefined) checkRange(since, until, perDay)
  return {
    limit: readCount(query, 'limit', { least: 1, most: largestLimit }) ?? defaultLimit,
    offset: readCount(query, 'offset', { least: 0, most: Number.MAX_SAFE_INTEGER }) ?? 0,
    keyId: readText(query, 'api_key'),
    requestId: readText(query, 'request_id'),
    endUser: readText(query, 'user_id'),
    since,
    until,
    perDay,
  }
}

function checkRange(since: number, until: number, perDay: boolean): void {
  if (until <= since) throw invalidParameter('end_date', 'a date that is not before start_date', 'an earlier one')
  if (perDay && until - since > longestRangeDays * dayMs) {
    throw invalidParameter('end_date', `at most ${longestRangeDays} days after start_date`, 'a longer range')
  }
}

const dayText = /^\d{4}-\d{2}-\d{2}$/
const momentText = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})?$/

/** The first ms that a date or time names, and the first one after it. Without a zone it is UTC. */
export function readMoment(name: string, text: string): { readonly first: number; readonly end: number } {
  const wanted = 'a date such as 2026-11-20 or a time such as 2026-11-20T08:00:00Z'
  if (dayText.test(text)) {
    const first = Date.parse(`${text}T00:00:00Z`)
    // Date.parse takes the 31st of any month for the 1st of the next.
    if (!Number.isNaN(first) && new Date(first).toISOString().startsWith(text)) return { first, end: first + dayMs }
  } else if (momentText.test(text)) {
    const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`
    const first = Date.parse(zoned.replace(' ', 'T'))
    if (!Number.isNaN(first)) return { first, end: first + 1 }
  }
  throw invalidParameter(name, wanted, JSON.stringify(text))
}
