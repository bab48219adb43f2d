import type { Database } from '../../store/database.ts'

const keptFromKey = 'ledger.rows_kept_from'

/** From when on all rows are still there, in ms since the epoch; 0 when none was ever deleted. */
export function rowsKeptFrom(database: Database): number {
  const text = database.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck().get(keptFromKey)
  return text === undefined ? 0 : Number(JSON.parse(text))
}

/** To be called before rows older than `from` go. */
export function noteRowsKeptFrom(database: Database, from: number): void {
  database
    .prepare('INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    .run(keptFromKey, String(Math.max(from, rowsKeptFrom(database))))
}
