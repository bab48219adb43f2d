import type { Database } from '../store/database.ts'
import { type RequestRow, requestColumns, toRecord } from './request-row.ts'
import type { SpendLogsQuery } from './spend-logs-query.ts'
import { toSpendLog } from './spend-logs-row.ts'
import { querySums } from './sums/query-sums.ts'

/** Sums of one UTC day in LiteLLM's shape; key ids stand beside the fixed fields, as there. */
interface SpendDay {
  startTime: string
  spend: number
  users: Record<string, number>
  models: Record<string, number>
  /** Answers of unknown cost, which no sum contains. */
  unknown_priced: number
  [keyId: string]: string | number | Record<string, number>
}

interface DaySum {
  readonly day: string
  readonly key_id: string
  readonly user: string
  readonly model: string
  readonly billed: number
  readonly unknown: number
}

/** The answer of `GET /spend/logs` as JSON text. Scans, so it belongs in the worker. */
export function spendLogs(database: Database, query: SpendLogsQuery): string {
  return query.perDay ? perDay(database, query) : newestFirst(database, query)
}

function newestFirst(database: Database, query: SpendLogsQuery): string {
  const { where, values } = conditions(query)
  const select = database.prepare<unknown[], RequestRow>(
    `SELECT ${requestColumns.join(', ')} FROM requests ${where} ORDER BY started_at DESC, rowid DESC LIMIT ? OFFSET ?`,
  )
  const rows: string[] = []
  for (const row of select.iterate(...values, query.limit, query.offset)) {
    rows.push(JSON.stringify(toSpendLog(toRecord(row))))
  }
  return `[${rows.join(',')}]`
}

/** Oldest day first, every day of the range, in USD. The pretend cost of demo models is no spend and not in the sums. */
function perDay(database: Database, query: SpendLogsQuery): string {
  const { since, until, keyId, endUser } = query
  const where = { ...(keyId === undefined ? {} : { key: keyId }), ...(endUser === undefined ? {} : { user: endUser }) }
  const sums = querySums(database, {
    since,
    until,
    where,
    groups: ['utc_day', 'key_id', 'user', 'upstream_model'],
  }).map(({ names: [day = '', key_id = '', user = '', model = ''], billedNanoUsd, unknownPriced }): DaySum => {
    return { day, key_id, user, model, billed: billedNanoUsd, unknown: unknownPriced }
  })
  const byDay = Map.groupBy(sums, ({ day }) => day)
  return JSON.stringify(daysOf(query).map((day) => toSpendDay(day, byDay.get(day) ?? [])))
}

function toSpendDay(day: string, sums: readonly DaySum[]): SpendDay {
  return {
    // First, so that no key id could ever stand in for a fixed field.
    ...inUsd(sumBy(sums, 'key_id')),
    startTime: day,
    spend: sums.reduce((total, { billed }) => total + billed, 0) / 1e9,
    users: inUsd(sumBy(sums, 'user')),
    models: inUsd(
      sumBy(
        sums.filter(({ model }) => model !== ''),
        'model',
      ),
    ),
    unknown_priced: sums.reduce((total, { unknown }) => total + unknown, 0),
  }
}

/** Sums in nano-USD: integers, so the order of addition does not matter. */
function sumBy(sums: readonly DaySum[], name: 'key_id' | 'user' | 'model'): ReadonlyMap<string, number> {
  const totals = new Map<string, number>()
  for (const sum of sums) totals.set(sum[name], (totals.get(sum[name]) ?? 0) + sum.billed)
  return totals
}

function inUsd(totals: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...totals].map(([name, nano]) => [name, nano / 1e9]))
}

const dayMs = 86_400_000

function daysOf({ since = 0, until = 0 }: SpendLogsQuery): readonly string[] {
  const days: string[] = []
  for (let day = Math.floor(since / dayMs) * dayMs; day < until; day += dayMs) {
    days.push(new Date(day).toISOString().slice(0, 10))
  }
  return days
}

/** Only fixed text goes into the SQL; every value is bound. */
function conditions(query: SpendLogsQuery): { readonly where: string; readonly values: readonly unknown[] } {
  const given = (
    [
      ['id = ?', query.requestId],
      ['key_id = ?', query.keyId],
      ['coalesce(user_id, end_user) = ?', query.endUser],
      ['started_at >= ?', query.since],
      ['started_at < ?', query.until],
    ] as const
  ).filter(([, value]) => value !== undefined)
  const where = given.length === 0 ? '' : `WHERE ${given.map(([condition]) => condition).join(' AND ')}`
  return { where, values: given.map(([, value]) => value) }
}
