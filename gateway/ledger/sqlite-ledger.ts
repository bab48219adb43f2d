import type { Checkpoints } from '../store/checkpoints.ts'
import type { Database } from '../store/database.ts'
import { createGroupWriter } from './group-writer.ts'
import { createKeySpend } from './key-spend.ts'
import type { Ledger } from './ledger.ts'
import { type RequestRow, requestColumns, toRecord } from './request-row.ts'
import { createSpendCounter } from './spend-counter.ts'
import { createRowWriter } from './write-rows.ts'
import { createWriteThread } from './write-thread.ts'

export interface SqliteLedger extends Ledger {
  /** What a key has really spent in all, in nano-USD, committed requests only; from memory. */
  keySpend(keyId: string): number
  /** A sentence while rows cannot be kept, for the status; gone with the next row that is. */
  notices(): readonly string[]
  /** To be called after history was priced anew in the database, with what the bill of each key changed by. */
  noteReprice(byKey: ReadonlyMap<string, number>): Promise<void>
  /** Commits what waits and takes no more. The database belongs to the caller and stays open. */
  close(): Promise<void>
}

export interface SqliteLedgerOptions {
  readonly database: Database
  /** The file behind `database`: lets a thread write the rows while many requests run. Without it the event loop does. */
  readonly databasePath?: string | undefined
  /** Told of what was written; without them SQLite makes its checkpoints on the event loop. */
  readonly checkpoints?: Pick<Checkpoints, 'noteRows'> | undefined
}

/**
 * The ledger in one SQLite file. All rows handed in before the event loop's next check phase, or while the group before
 * them is being written, are written in one transaction; each `done` runs after COMMIT. With WAL the commit is in the operating system's cache by then, which
 * outlives this process however it is killed.
 *
 * A second row with the same id is dropped without an error: the first is the one whose answer went out, and no request
 * is ever counted twice.
 */
export function createSqliteLedger({ database, databasePath, checkpoints }: SqliteLedgerOptions): SqliteLedger {
  let problem: string | undefined
  const selectRecent = database.prepare<[number], RequestRow>(recentSql)
  const selectBefore = database.prepare<[number, number], RequestRow>(recentBeforeSql)
  const selectOne = database.prepare<[string], RequestRow>(findSql)
  const counter = createSpendCounter({ database })
  const keySpend = createKeySpend({ database })
  const writer = createGroupWriter({
    writeRows: createRowWriter(database),
    thread: databasePath === undefined ? undefined : createWriteThread({ database, databasePath }),
    onInserted: (record) => {
      counter.add(record)
      keySpend.add(record)
    },
    onWritten: checkpoints?.noteRows,
  })

  return {
    commit(record, done) {
      writer.add(record, (error) => {
        problem = error === undefined ? undefined : notice(error)
        done(error)
      })
    },
    notices: () => (problem === undefined ? [] : [problem]),
    async recent(limit, before) {
      const rows = before === undefined ? selectRecent.all(limit) : selectBefore.all(before, limit)
      return rows.map(toRecord)
    },
    async find(id) {
      const row = selectOne.get(id)
      return row === undefined ? undefined : toRecord(row)
    },
    async spendSince(since) {
      return counter.since(since)
    },
    keySpend: (keyId) => keySpend.of(keyId),
    async noteReprice(byKey) {
      keySpend.adjust(byKey)
      await writer.flush()
      counter.reread()
    },
    async flush() {
      await writer.flush()
    },
    async close() {
      await writer.close()
    },
  }
}

function notice(error: Error): string {
  const { code: found } = error as { code?: unknown }
  const code = typeof found === 'string' ? found : error.name
  const remedy = code.startsWith('SQLITE_FULL') ? 'The disk is full: free some space.' : 'See the log.'
  return `Requests are answered and cannot be kept in the ledger (${code}). ${remedy}`
}

const selectColumns = `SELECT ${requestColumns.join(', ')} FROM requests`

// Rows of one millisecond stay in the order of their commit (rowid).
export const recentSql = `${selectColumns} ORDER BY started_at DESC, rowid DESC LIMIT ?`

export const recentBeforeSql = `${selectColumns} WHERE started_at < ? ORDER BY started_at DESC, rowid DESC LIMIT ?`

export const findSql = `${selectColumns} WHERE id = ?`
