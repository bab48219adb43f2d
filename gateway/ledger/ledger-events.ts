import type { Database } from '../store/database.ts'

/** That history was priced anew: when, over which time, and what it changed. Times in ms since the epoch. */
export interface RepriceEvent {
  readonly since: number
  readonly rows: number
  readonly changed: number
  readonly billedDifferenceNanoUsd: number
}

/** Keeps that history was priced anew, for good. */
export function recordReprice(database: Database, at: number, event: RepriceEvent): void {
  database
    .prepare(`INSERT INTO ledger_events (at, kind, detail) VALUES (?, 'reprice', ?)`)
    .run(at, JSON.stringify(event))
}

/** Sentences about what happened to the ledger as a whole. */
export function ledgerNotes(database: Database): string[] {
  const last = database
    .prepare<[], { at: number; detail: string }>(
      `SELECT at, detail FROM ledger_events WHERE kind = 'reprice' ORDER BY at DESC, rowid DESC LIMIT 1`,
    )
    .get()
  if (last === undefined) return []
  const { changed, billedDifferenceNanoUsd } = JSON.parse(last.detail) as RepriceEvent
  const usd = (billedDifferenceNanoUsd / 1e9).toFixed(6)
  return [
    `History was priced anew on ${new Date(last.at).toISOString()}: ${changed} rows changed, the bill by ${billedDifferenceNanoUsd < 0 ? '' : '+'}${usd} USD.`,
  ]
}
