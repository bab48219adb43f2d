import type { Database } from '../store/database.ts'
import type { RequestRecord } from './request-record.ts'
import { requestColumns, toValues } from './request-row.ts'

/** Collects the rows of one turn of the event loop and writes them in one transaction. */
export interface GroupWriter {
  /** `done` runs once, after the commit or the failure, never before this returns. */
  add(record: RequestRecord, done: Done): void
  /** Writes what waits now. */
  flush(): void
  /** Writes what waits; rows added later fail. */
  close(): void
}

export interface GroupWriterOptions {
  readonly database: Database
  /** Called inside the transaction with the rows that were new. */
  readonly alongside: (records: readonly RequestRecord[]) => void
  /** Called after the commit for each row that was new, before any `done`. */
  readonly onInserted: (record: RequestRecord) => void
  /** Called last of all after each group, with its size. */
  readonly onWritten?: ((rows: number) => void) | undefined
}

type Done = (error: Error | undefined) => void

interface PendingRow {
  readonly record: RequestRecord
  readonly done: Done
}

export function createGroupWriter({ database, alongside, onInserted, onWritten }: GroupWriterOptions): GroupWriter {
  const writeGroup = createWriteGroup(database, alongside)
  let pending: PendingRow[] = []
  let scheduled: NodeJS.Immediate | undefined
  let closed = false

  const flush = (): void => {
    if (scheduled !== undefined) clearImmediate(scheduled)
    scheduled = undefined
    const rows = pending
    pending = []
    if (rows.length === 0) return
    const outcomes = writeGroup(rows)
    rows.forEach(({ record }, place) => {
      if (outcomes[place] === 'inserted') onInserted(record)
    })
    settle(rows, outcomes)
    onWritten?.(rows.length)
  }

  return {
    add(record, done) {
      if (closed) {
        setImmediate(done, new Error('The ledger is closed: the gateway is stopping.'))
        return
      }
      pending.push({ record, done })
      scheduled ??= setImmediate(flush)
    },
    flush,
    close() {
      closed = true
      flush()
    },
  }
}

/** What became of a row. `duplicate`: a row with its id was there before and stays. */
type Outcome = 'inserted' | 'duplicate' | Error

/**
 * Writes rows in one transaction. If that fails nothing of it is kept, and the rows are tried one by one, so that a row
 * the database refuses does not take others with it. A fault of the whole database ends the attempts at once: the rows
 * left get the same error instead of each waiting for it on the event loop.
 */
function createWriteGroup(
  database: Database,
  alongside: GroupWriterOptions['alongside'],
): (rows: readonly PendingRow[]) => readonly Outcome[] {
  const insert = database.prepare<[(string | number | null)[]]>(insertSql)
  const insertAll = database.transaction((rows: readonly PendingRow[]): Outcome[] => {
    const inserted = rows.map(({ record }) => insert.run(toValues(record)).changes > 0)
    alongside(rows.filter((_, place) => inserted[place]).map(({ record }) => record))
    return inserted.map((isNew) => (isNew ? 'inserted' : 'duplicate'))
  })
  const tryAll = (rows: readonly PendingRow[]): Outcome[] | Error => {
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

/** Every callback runs, whatever another one throws; the first fault is then thrown on. */
function settle(rows: readonly PendingRow[], outcomes: readonly Outcome[]): void {
  const faults: unknown[] = []
  rows.forEach(({ done }, place) => {
    const outcome = outcomes[place]
    try {
      done(outcome instanceof Error ? outcome : undefined)
    } catch (fault) {
      faults.push(fault)
    }
  })
  if (faults.length > 0) throw faults[0]
}

export const insertSql = `INSERT INTO requests (${requestColumns.join(', ')})
  VALUES (${requestColumns.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`
