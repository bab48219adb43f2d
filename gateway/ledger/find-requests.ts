import type { RequestList } from '../contract/requests.ts'
import { GatewayError } from '../model/errors.ts'
import type { Database } from '../store/database.ts'
import type { ReadRequestQuery } from './request-query.ts'
import { type RequestRow, requestColumns, toRecord } from './request-row.ts'
import { requestView } from './request-view.ts'

/** Rows that one search looks at: beyond that it says so and ends. */
export const searchedRows = 200_000

type Bound = string | number

interface Conditions {
  readonly sql: string
  readonly values: readonly Bound[]
}

/**
 * A page of requests, newest first. Filters read rows, so it belongs in the worker. Throws GatewayError `invalid_field`
 * for a cursor whose request is not there any more.
 */
export function findRequests(database: Database, query: ReadRequestQuery, mostRows = searchedRows): RequestList {
  const read = database.transaction(() => {
    const range = all([afterCursor(database, query.cursor), ...timeRange(query)])
    const filters = all(filterConditions(query))
    const base = `SELECT rowid AS place, ${requestColumns.join(', ')} FROM requests WHERE ${range.sql}
      ORDER BY started_at DESC, rowid DESC LIMIT ?`
    const rows = database
      .prepare<Bound[], RequestRow>(`SELECT * FROM (${base}) WHERE ${filters.sql} LIMIT ?`)
      .all(...range.values, mostRows, ...filters.values, query.limit + 1)
    const isFull = rows.length > query.limit
    return { rows: rows.slice(0, query.limit), isFull, bounded: !isFull && reachesBound(database, range, mostRows) }
  })
  const { rows, isFull, bounded } = read()
  return {
    requests: rows.map((row) => requestView(toRecord(row))),
    next: isFull ? (rows.at(-1)?.id ?? null) : null,
    bounded,
  }
}

function reachesBound(database: Database, { sql, values }: Conditions, mostRows: number): boolean {
  const count = database
    .prepare<Bound[], number>(`SELECT count(*) FROM (SELECT 1 FROM requests WHERE ${sql} LIMIT ?)`)
    .pluck()
    .get(...values, mostRows + 1)
  return (count ?? 0) > mostRows
}

/** A cursor is the call id of the last row of the page before. */
function afterCursor(database: Database, cursor: string | undefined): Conditions | undefined {
  if (cursor === undefined) return undefined
  const row = database
    .prepare<[string], { started_at: number; place: number }>(
      'SELECT started_at, rowid AS place FROM requests WHERE id = ?',
    )
    .get(cursor)
  if (row === undefined) {
    const message = 'cursor must be the `next` of a page; its request is not in the ledger any more. Begin without it.'
    throw new GatewayError('invalid_field', message, { param: 'cursor' })
  }
  const { started_at, place } = row
  return {
    sql: 'started_at <= ? AND (started_at < ? OR rowid < ?)',
    values: [started_at, started_at, place],
  }
}

function timeRange({ before, since, until }: ReadRequestQuery): (Conditions | undefined)[] {
  const older = [before, until].filter((moment) => moment !== undefined)
  return [
    since === undefined ? undefined : { sql: 'started_at >= ?', values: [since] },
    ...older.map((moment) => ({ sql: 'started_at < ?', values: [moment] })),
  ]
}

function filterConditions(query: ReadRequestQuery): (Conditions | undefined)[] {
  const { model, router, agent, key, text } = query
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? undefined : { sql: `${column} = ?`, values: [value] }
  return [
    equal('model_name', model),
    equal('router', router),
    equal('agent', agent),
    key === undefined ? undefined : { sql: '(key_id = ? OR key_alias = ?)', values: [key, key] },
    tierCondition(query.tier),
    statusCondition(query.status),
    text === undefined ? undefined : textCondition(text),
  ]
}

function tierCondition(tier: string | undefined): Conditions | undefined {
  if (tier === undefined) return undefined
  return tier === 'DIRECT' ? { sql: 'router IS NULL', values: [] } : { sql: 'tier = ?', values: [tier] }
}

function statusCondition(status: string | undefined): Conditions | undefined {
  if (status === undefined) return undefined
  if (status === 'ok') return { sql: '(status < 400 AND error_code IS NULL)', values: [] }
  if (status === 'failed') return { sql: '(status >= 400 OR error_code IS NOT NULL)', values: [] }
  return { sql: 'status = ?', values: [Number(status)] }
}

const searchedColumns = ['model_name', 'asked_model', 'agent', 'error_code', 'id'] as const

/** SQLite compares letters of ASCII in any case. */
function textCondition(text: string): Conditions {
  const pattern = `%${text.replaceAll(/[\\%_]/gu, String.raw`\$&`)}%`
  const sql = searchedColumns.map((column) => String.raw`${column} LIKE ? ESCAPE '\'`).join(' OR ')
  return { sql: `(${sql})`, values: searchedColumns.map(() => pattern) }
}

function all(conditions: readonly (Conditions | undefined)[]): Conditions {
  const given = conditions.filter((condition) => condition !== undefined)
  return {
    sql: given.length === 0 ? '1' : given.map(({ sql }) => sql).join(' AND '),
    values: given.flatMap(({ values }) => values),
  }
}
