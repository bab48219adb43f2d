import type { Database } from '../store/database.ts'

/** How one model or router was used. */
export interface UseOfName {
  /** ms since the epoch; of rows that are deleted by now the hour. */
  readonly lastUsedAt: number
  /** The middle of the times to the first token of streamed answers, in ms; null = none was measured. */
  readonly p50FirstTokenMs: number | null
  /** Answers behind it. */
  readonly measured: number
}

export interface ModelUse {
  readonly models: ReadonlyMap<string, UseOfName>
  readonly routers: ReadonlyMap<string, UseOfName>
}

export interface ModelUseQuery {
  /** First tokens are measured from then on, in ms since the epoch. */
  readonly since: number
}

/** Newest rows that are looked at: the middle of so many is as good as that of all. */
const mostRows = 100_000

interface Measured {
  lastUsedAt: number
  readonly firstTokens: number[]
}

/** What was used when, and how soon it began to answer. Reads many rows: belongs in the worker. */
export function modelUse(database: Database, { since }: ModelUseQuery): ModelUse {
  const models = new Map<string, Measured>()
  const routers = new Map<string, Measured>()
  const read = database.transaction(() => {
    for (const row of database.prepare<[number, number], UsedRow>(rowsSql).iterate(since, mostRows)) {
      const firstToken = row.stream === 1 && row.status === 200 ? row.first_token_ms : null
      if (row.model_name !== null) note(models, row.model_name, row.started_at, firstToken)
      if (row.router !== null) note(routers, row.router, row.started_at, null)
    }
    for (const [names, column] of [
      [models, 'model'],
      [routers, 'router'],
    ] as const) {
      for (const { name, hour } of database.prepare<[], UsedHour>(hoursSql(column)).all()) note(names, name, hour, null)
    }
  })
  read()
  return { models: usesOf(models), routers: usesOf(routers) }
}

interface UsedRow {
  readonly model_name: string | null
  readonly router: string | null
  readonly started_at: number
  readonly stream: number
  readonly status: number
  readonly first_token_ms: number | null
}

interface UsedHour {
  readonly name: string
  readonly hour: number
}

const rowsSql = `SELECT model_name, router, started_at, stream, status, first_token_ms FROM requests
  WHERE started_at >= ? AND cache IS NULL ORDER BY started_at DESC LIMIT ?`

function hoursSql(column: 'model' | 'router'): string {
  return `SELECT ${column} AS name, max(hour) AS hour FROM spend_hours WHERE ${column} <> '' GROUP BY ${column}`
}

function note(names: Map<string, Measured>, name: string, at: number, firstToken: number | null): void {
  const known = names.get(name) ?? { lastUsedAt: 0, firstTokens: [] }
  known.lastUsedAt = Math.max(known.lastUsedAt, at)
  if (firstToken !== null) known.firstTokens.push(firstToken)
  names.set(name, known)
}

function usesOf(names: ReadonlyMap<string, Measured>): ReadonlyMap<string, UseOfName> {
  return new Map(
    [...names].map(([name, { lastUsedAt, firstTokens }]) => [
      name,
      { lastUsedAt, p50FirstTokenMs: median(firstTokens), measured: firstTokens.length },
    ]),
  )
}

/** The lower one of two middles: a time that was really measured. */
function median(values: readonly number[]): number | null {
  return values.toSorted((first, second) => first - second)[Math.floor((values.length - 1) / 2)] ?? null
}
