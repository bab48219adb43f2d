import type { Database } from '../../store/database.ts'
import { noteRowsKeptFrom } from '../sums/kept-rows.ts'
import type { RetentionResult, RetentionTask } from './tasks.ts'

const rowsAtOnce = 500

/**
 * Deletes rows that started before a moment, in steps of a transaction each; the sums by hour and what keys have spent
 * stay. The file keeps its size: later rows fill the pages. `pause` is waited for between the steps.
 */
export async function deleteOldRows(
  database: Database,
  { before }: RetentionTask,
  pause: () => Promise<unknown>,
): Promise<RetentionResult> {
  const remove = database.prepare<[number, number]>(
    'DELETE FROM requests WHERE rowid IN (SELECT rowid FROM requests WHERE started_at < ? ORDER BY started_at LIMIT ?)',
  )
  const first = database.prepare<[number], number>('SELECT 1 FROM requests WHERE started_at < ? LIMIT 1').pluck()
  // Said before the first row goes: a report in between must not look for them.
  if (first.get(before) !== undefined) noteRowsKeptFrom(database, before)
  let deleted = 0
  for (;;) {
    const { changes } = remove.run(before, rowsAtOnce)
    deleted += changes
    if (changes < rowsAtOnce) return { deleted }
    await pause()
  }
}
