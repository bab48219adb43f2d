import type { Database } from '../store/database.ts'
import { type RequestRecord, spentCost } from './request-record.ts'
import { type ColumnValue, readSpend } from './request-row.ts'

/** What each key has spent in all (estimates included, as its budget counts them), in nano-USD, in memory; the row writer keeps the same in the database. */
export interface KeySpend {
  /** 0 for a key that spent nothing. */
  of(keyId: string): number
  /** Takes over what the database already holds: differences by key. */
  adjust(differences: ReadonlyMap<string, number>): void
  /** Counts a row; called after its commit. */
  add(record: RequestRecord): void
}

export function createKeySpend({ database }: { readonly database: Database }): KeySpend {
  const stored = database.prepare<[], KeySpendRow>('SELECT key_id, billed_nano_usd FROM key_spend').all()
  const totals = new Map(stored.map((row) => [row.key_id, row.billed_nano_usd]))
  return {
    of: (keyId) => totals.get(keyId) ?? 0,
    adjust(differences) {
      for (const [keyId, difference] of differences) totals.set(keyId, (totals.get(keyId) ?? 0) + difference)
    },
    add(record) {
      addTo(totals, record.keyId, spentCost(record))
    },
  }
}

interface KeySpendRow {
  readonly key_id: string
  readonly billed_nano_usd: number
}

/** Sums of new rows by key, for `keySpendUpsert`. */
export function spendByKey(rows: readonly (readonly ColumnValue[])[]): ReadonlyMap<string, number> {
  const group = new Map<string, number>()
  for (const values of rows) {
    const spend = readSpend(values)
    addTo(group, spend.keyId, spentCost(spend))
  }
  return group
}

export const keySpendUpsert = `INSERT INTO key_spend (key_id, billed_nano_usd) VALUES (?, ?)
  ON CONFLICT (key_id) DO UPDATE SET billed_nano_usd = billed_nano_usd + excluded.billed_nano_usd`

function addTo(totals: Map<string, number>, keyId: string, spent: number): void {
  if (spent > 0) totals.set(keyId, (totals.get(keyId) ?? 0) + spent)
}
