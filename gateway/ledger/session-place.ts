import type { Database } from '../store/database.ts'
import { totalsOf } from './spend-report.ts'

export interface SessionPlaceQuery {
  readonly session: string
  /** ms since the epoch, of the turn whose place is wanted. */
  readonly startedAt: number
}

export interface SessionPlace {
  /** From 1; turns of one ms share it. */
  readonly turn: number
  readonly turns: number
  readonly billedNanoUsd: number
}

/** Where a request stands in its session, and what the session cost so far. A session may be long: belongs in the worker. */
export function sessionPlace(database: Database, { session, startedAt }: SessionPlaceQuery): SessionPlace {
  const read = database.transaction(() => {
    const row = database
      .prepare<[number, string], { turns: number; turn: number }>(
        `SELECT count(*) AS turns, count(*) FILTER (WHERE started_at <= ?) AS turn FROM requests WHERE session_id = ?`,
      )
      .get(startedAt, session)
    return { row, totals: totalsOf(database, { where: { session } }) }
  })
  const { row, totals } = read()
  return { turn: row?.turn ?? 0, turns: row?.turns ?? 0, billedNanoUsd: totals.billedNanoUsd }
}
