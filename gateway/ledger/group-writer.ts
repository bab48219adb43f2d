import type { RequestRecord } from './request-record.ts'
import { toValues } from './request-row.ts'
import type { Outcome, RowValues } from './write-rows.ts'
import type { WriteThread } from './write-thread.ts'

/** Collects the rows of one turn of the event loop, or of the time a thread takes for a group, and writes them together. */
export interface GroupWriter {
  /** `done` runs once, after the commit or the failure, never before this returns. */
  add(record: RequestRecord, done: Done): void
  /** Resolves when all rows added so far are settled. Rejects with what a `done` threw, when the event loop wrote its row. */
  flush(): Promise<void>
  /** Writes what waits and ends the thread; rows added later fail. */
  close(): Promise<void>
}

export interface GroupWriterOptions {
  /** Writes on the event loop. */
  readonly writeRows: (rows: readonly RowValues[]) => readonly Outcome[]
  /** Writes beside it. Asked for with the first group of some size, so that light use never pays for it. */
  readonly thread?: WriteThread | undefined
  /** Called after the commit for each row that was new, before any `done`. */
  readonly onInserted: (record: RequestRecord) => void
  /** Called last of all after each group, with its size. */
  readonly onWritten?: ((rows: number) => void) | undefined
}

type Done = (error: Error | undefined) => void

interface PendingRow {
  readonly record: RequestRecord
  readonly values: RowValues
  readonly done: Done
}

/** Rows in one group from which on a thread is worth its start. */
const busyGroup = 4

export function createGroupWriter({ writeRows, thread, onInserted, onWritten }: GroupWriterOptions): GroupWriter {
  let pending: PendingRow[] = []
  let scheduled: NodeJS.Immediate | undefined
  /** The group the thread has; there is never a second one, so rows stay in order. */
  let underWay: Promise<void> | undefined
  let closed = false

  const finish = (rows: readonly PendingRow[], outcomes: readonly Outcome[]): void => {
    rows.forEach(({ record }, place) => {
      if (outcomes[place] === 'inserted') onInserted(record)
    })
    try {
      settle(rows, outcomes)
    } finally {
      onWritten?.(rows.length)
    }
  }
  const writeHere = (rows: readonly PendingRow[]): void => {
    finish(rows, writeRows(rows.map(({ values }) => values)))
    if (rows.length >= busyGroup) thread?.start()
  }
  const writeThere = (ready: WriteThread, rows: readonly PendingRow[]): void => {
    underWay = new Promise((resolve) => {
      ready.write(
        rows.map(({ values }) => values),
        (outcomes) => {
          underWay = undefined
          resolve()
          // Not at once: groups of a whole turn cost less than many small ones.
          if (pending.length > 0) schedule()
          // A thread that died may have committed: a row is kept once, however often it is written.
          finish(rows, outcomes ?? writeRows(rows.map(({ values }) => values)))
        },
      )
    })
  }
  const writePending = (): void => {
    if (scheduled !== undefined) clearImmediate(scheduled)
    scheduled = undefined
    if (underWay !== undefined) return
    const rows = pending
    pending = []
    if (rows.length === 0) return
    if (thread?.ready === true) writeThere(thread, rows)
    else writeHere(rows)
  }
  const schedule = (): void => {
    scheduled ??= setImmediate(writePending)
  }
  const flush = async (): Promise<void> => {
    await underWay
    writePending()
    await underWay
    // What came while the thread was writing.
    if (pending.length > 0) await flush()
  }

  return {
    add(record, done) {
      if (closed) {
        setImmediate(done, new Error('The ledger is closed: the gateway is stopping.'))
        return
      }
      const values = readValues(record)
      if (values instanceof Error) {
        setImmediate(done, values)
        return
      }
      pending.push({ record, values, done })
      schedule()
    },
    flush,
    async close() {
      closed = true
      await flush()
      await thread?.close()
    },
  }
}

/** The error for a record with a value that JSON cannot hold. */
function readValues(record: RequestRecord): RowValues | Error {
  try {
    return toValues(record)
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error('The ledger could not read a row.', { cause: thrown })
  }
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
