import type { SpendSums } from '../../contract/spend.ts'
import type { Database } from '../../store/database.ts'
import { rowsKeptFrom } from './kept-rows.ts'
import { type SumDimension, type SumFilter, sumSource } from './sum-source.ts'

export interface SumQuery extends SumFilter {
  /** None = one row with the total. */
  readonly groups: readonly SumDimension[]
  /** `cost`: dearest first; `time`: the first group newest first; unordered unless given. */
  readonly order?: 'cost' | 'time'
  /** Rows at most. */
  readonly limit?: number
}

export interface SumRow extends SpendSums {
  /** One per group; '' = none. A key goes by its id. */
  readonly names: readonly string[]
  /** The alias of the key, where sums are grouped by keys and it has one. */
  readonly keyAlias: string | null
}

const groupSql: Readonly<Partial<Record<SumDimension, string>>> = {
  day: `strftime('%Y-%m-%d', at / 1000, 'unixepoch', 'localtime')`,
  hour: `strftime('%Y-%m-%dT%H:00', at / 1000, 'unixepoch', 'localtime')`,
  utc_day: `strftime('%Y-%m-%d', at / 1000, 'unixepoch')`,
}

const orders = {
  cost: 'ORDER BY billedNanoUsd DESC, flatRateNanoUsd + localNanoUsd + demoNanoUsd DESC, requests DESC, g0',
  time: 'ORDER BY g0 DESC',
}

/** Sums of requests by any of their dimensions. Reads many rows, so it belongs in the worker. */
export function querySums(database: Database, query: SumQuery): SumRow[] {
  const source = sumSource(query.groups, query, rowsKeptFrom(database))
  const groups = query.groups.map((group, place) => `${groupSql[group] ?? group} AS g${place}`)
  const by = query.groups.map((_, place) => `g${place}`).join(', ')
  const sql = `SELECT ${[...groups, sums].join(', ')} FROM (${source.sql})
    ${by === '' ? '' : `GROUP BY ${by} HAVING sum(requests) <> 0`} ${query.order === undefined ? '' : orders[query.order]}
    ${query.limit === undefined ? '' : 'LIMIT ?'}`
  const values = query.limit === undefined ? source.values : [...source.values, query.limit]
  return database
    .prepare<unknown[], Record<string, string | number | null>>(sql)
    .all(...values)
    .map((row) => toSumRow(row, query.groups.length))
}

function toSumRow(row: Readonly<Record<string, string | number | null>>, groups: number): SumRow {
  const { keyAlias, ...columns } = row
  const names = Array.from({ length: groups }, (_, place) => String(columns[`g${place}`] ?? ''))
  const amounts = Object.entries(columns).filter(([name]) => !/^g\d$/.test(name))
  return {
    ...(Object.fromEntries(amounts.map(([name, amount]) => [name, Number(amount ?? 0)])) as unknown as SpendSums),
    names,
    keyAlias: keyAlias === null || keyAlias === undefined ? null : String(keyAlias),
  }
}

const columns: Readonly<Record<keyof SpendSums, string>> = {
  requests: 'requests',
  failures: 'failures',
  cacheHits: 'cache_hits',
  inputTokens: 'input_tokens',
  cachedTokens: 'cached_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  outputTokens: 'output_tokens',
  reasoningTokens: 'reasoning_tokens',
  billedNanoUsd: 'billed_nano_usd',
  flatRateNanoUsd: 'flat_rate_nano_usd',
  localNanoUsd: 'local_nano_usd',
  demoNanoUsd: 'demo_nano_usd',
  unknownPriced: 'unknown_priced',
  savingsNanoUsd: 'savings_nano_usd',
  savingsRequests: 'savings_requests',
  savingsUnknown: 'savings_unknown',
  estimatedNanoUsd: 'estimated_nano_usd',
}

const sums = [
  'max(key_alias) AS keyAlias',
  ...Object.entries(columns).map(([name, column]) => `coalesce(sum(${column}), 0) AS ${name}`),
].join(', ')
