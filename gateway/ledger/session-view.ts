import type { SessionView } from '../contract/spend.ts'
import type { Database } from '../store/database.ts'
import { billedCost } from './request-record.ts'
import { type RequestRow, requestColumns, toRecord } from './request-row.ts'
import { requestView } from './request-view.ts'
import { totalsOf } from './spend-report.ts'

/** Turns that are shown at most; the totals cover all. */
const mostTurns = 2000

/** What a session cost, turn by turn, oldest first. By an index, but a session may be long: belongs in the worker. */
export function sessionView(database: Database, session: string): SessionView {
  const read = database.transaction(() => {
    const rows = database
      .prepare<[string, number], RequestRow>(
        `SELECT ${requestColumns.join(', ')} FROM requests WHERE session_id = ? ORDER BY started_at, rowid LIMIT ?`,
      )
      .all(session, mostTurns + 1)
    return { rows, totals: totalsOf(database, { where: { session } }) }
  })
  const { rows, totals } = read()
  let billed = 0
  const turns = rows.slice(0, mostTurns).map((row) => {
    const record = toRecord(row)
    billed += billedCost(record)
    return { request: requestView(record), billedSoFarNanoUsd: billed, savingsNanoUsd: record.savingsNanoUsd }
  })
  return { session, totals, turns, truncated: rows.length > mostTurns }
}
