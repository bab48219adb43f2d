import type { Database } from '../store/database.ts'
import { billedCost, type RequestRecord } from './request-record.ts'

/** What each key has spent in all, in nano-USD: in memory for reading, in the database beside the rows. */
export interface KeySpend {
  /** 0 for a key that spent nothing. */
  of(keyId: string): number
  /** Writes the spend of new rows; called inside the transaction that inserts them. */
  write(records: readonly RequestRecord[]): void
  /** Counts a row in memory; called after its commit. */
  add(record: RequestRecord): void
}

export function createKeySpend({ database }: { readonly database: Database }): KeySpend {
  const upsert = database.prepare(
    `INSERT INTO key_spend (key_id, billed_nano_usd) VALUES (?, ?)
     ON CONFLICT (key_id) DO UPDATE SET billed_nano_usd = billed_nano_usd + excluded.billed_nano_usd`,
  )
  const stored = database.prepare<[], KeySpendRow>('SELECT key_id, billed_nano_usd FROM key_spend').all()
  const totals = new Map(stored.map((row) => [row.key_id, row.billed_nano_usd]))

  return {
    of: (keyId) => totals.get(keyId) ?? 0,
    write(records) {
      const group = new Map<string, number>()
      for (const record of records) addTo(group, record)
      for (const [keyId, spent] of group) upsert.run(keyId, spent)
    },
    add(record) {
      addTo(totals, record)
    },
  }
}

interface KeySpendRow {
  readonly key_id: string
  readonly billed_nano_usd: number
}

function addTo(totals: Map<string, number>, record: RequestRecord): void {
  const spent = billedCost(record)
  if (spent > 0) totals.set(record.keyId, (totals.get(record.keyId) ?? 0) + spent)
}
