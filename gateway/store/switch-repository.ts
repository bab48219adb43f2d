import type { SwitchPosition } from '../model/switch-position.ts'
import { isTier } from '../model/tier.ts'
import type { Database } from './database.ts'

/** Positions of the router switches. Only positions other than `auto` are kept: an absent router is on `auto`. */
export interface SwitchRepository {
  all(): Promise<ReadonlyMap<string, SwitchPosition>>
  /** Setting `auto` removes the row. */
  set(router: string, position: SwitchPosition): Promise<void>
}

interface SwitchRow {
  readonly router: string
  readonly mode: string
  readonly tier: string | null
}

export function createSwitchRepository({ database }: { readonly database: Database }): SwitchRepository {
  const select = database.prepare<[], SwitchRow>('SELECT router, mode, tier FROM router_switches ORDER BY router')
  const upsert = database.prepare(
    `INSERT INTO router_switches (router, mode, tier) VALUES (?, ?, ?)
     ON CONFLICT (router) DO UPDATE SET mode = excluded.mode, tier = excluded.tier`,
  )
  const remove = database.prepare('DELETE FROM router_switches WHERE router = ?')

  return {
    async all() {
      return new Map(select.all().map((row) => [row.router, toPosition(row)]))
    },
    async set(router, position) {
      if (position.mode === 'auto') remove.run(router)
      else upsert.run(router, position.mode, position.mode === 'pinned' ? position.tier : null)
    },
  }
}

function toPosition(row: SwitchRow): SwitchPosition {
  if (row.mode === 'pinned' && isTier(row.tier)) return { mode: 'pinned', tier: row.tier }
  // The table allows only `pinned` with a tier and `off`. A tier word of another version cannot be honoured: off is the
  // position that spends nothing by surprise.
  return { mode: 'off' }
}
