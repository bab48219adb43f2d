import type { Database } from '../store/database.ts'
import { keySpendUpsert, spendByKey } from './key-spend.ts'
import { type ColumnValue, requestColumns } from './request-row.ts'
import { createSumWriter } from './sums/sum-writer.ts'
import { contributionOfValues } from './sums/summed-row.ts'

/** What became of a row. `duplicate`: a row with its id was there before and stays. */
export type Outcome = 'inserted' | 'duplicate' | Error

/** The values of a row in the order of `requestColumns`. */
export type RowValues = readonly ColumnValue[]

/**
 * Writes rows in one transaction, and with them what their keys have spent and the sums by hour. If that fails nothing of it is kept, and the
 * rows are tried one by one, so that a row the database refuses does not take others with it. A fault of the whole
 * database ends the attempts at once: the rows left get the same error instead of each waiting for it.
 */
export function createRowWriter(database: Database): (rows: readonly RowValues[]) => readonly Outcome[] {
  const insert = database.prepare<[RowValues]>(insertSql)
  const upsertSpend = database.prepare<[string, number]>(keySpendUpsert)
  const sums = createSumWriter(database)
  const insertAll = database.transaction((rows: readonly RowValues[]): Outcome[] => {
    const inserted = rows.map((values) => insert.run(values).changes > 0)
    const fresh = rows.filter((_, place) => inserted[place])
    const spent = spendByKey(fresh)
    for (const [keyId, billedNanoUsd] of spent) upsertSpend.run(keyId, billedNanoUsd)
    sums.add(fresh.map(contributionOfValues))
    return inserted.map((isNew) => (isNew ? 'inserted' : 'duplicate'))
  })
  const tryAll = (rows: readonly RowValues[]): Outcome[] | Error => {
    try {
      return insertAll.immediate(rows)
    } catch (thrown) {
      return thrown instanceof Error ? thrown : new Error('The ledger could not be written.', { cause: thrown })
    }
  }

  return (rows) => {
    const together = tryAll(rows)
    if (Array.isArray(together)) return together
    if (rows.length === 1 || isDatabaseFault(together)) return rows.map(() => together)
    let fault: Error | undefined
    return rows.map((row) => {
      if (fault !== undefined) return fault
      const alone = tryAll([row])
      if (Array.isArray(alone)) return alone[0] ?? 'duplicate'
      if (isDatabaseFault(alone)) fault = alone
      return alone
    })
  }
}

/** SQLITE_FULL is not among them: a smaller transaction may still fit. */
const databaseFaults = /^SQLITE_(?:BUSY|LOCKED|READONLY|IOERR|CORRUPT|NOTADB|CANTOPEN|PROTOCOL)/

function isDatabaseFault(error: Error): boolean {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' && databaseFaults.test(code)
}

export const insertSql = `INSERT INTO requests (${requestColumns.join(', ')})
  VALUES (${requestColumns.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`
