import type { JsonObject } from '../model/json.ts'
import type { Tier } from '../model/tier.ts'
import type { Database } from './database.ts'

/** What somebody thinks a request should have been, with the features it was decided by. */
export interface KeptLabel {
  /** The request's call id. */
  readonly id: string
  /** Of the request, in ms since the epoch. */
  readonly startedAt: number
  readonly router: string
  readonly decided: Tier
  readonly tier: Tier
  readonly features: JsonObject
  /** ms since the epoch. */
  readonly at: number
}

export interface LabelRepository {
  /** Replaces an earlier label of the same request. */
  put(label: KeptLabel): Promise<void>
  find(id: string): Promise<KeptLabel | undefined>
  /** Newest first. */
  recent(limit: number): Promise<readonly KeptLabel[]>
  /** True when there was one. */
  delete(id: string): Promise<boolean>
}

interface LabelRow {
  readonly id: string
  readonly started_at: number
  readonly router: string
  readonly decided: Tier
  readonly tier: Tier
  readonly features: string
  readonly at: number
}

const columns = 'id, started_at, router, decided, tier, features, at'

export function createLabelRepository({ database }: { readonly database: Database }): LabelRepository {
  const insert = database.prepare(`INSERT OR REPLACE INTO labels (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const selectOne = database.prepare<[string], LabelRow>(`SELECT ${columns} FROM labels WHERE id = ?`)
  const selectRecent = database.prepare<[number], LabelRow>(
    `SELECT ${columns} FROM labels ORDER BY at DESC, id LIMIT ?`,
  )
  const remove = database.prepare('DELETE FROM labels WHERE id = ?')
  return {
    async put({ id, startedAt, router, decided, tier, features, at }) {
      insert.run(id, startedAt, router, decided, tier, JSON.stringify(features), at)
    },
    async find(id) {
      const row = selectOne.get(id)
      return row === undefined ? undefined : toLabel(row)
    },
    async recent(limit) {
      return selectRecent.all(limit).map(toLabel)
    },
    async delete(id) {
      return remove.run(id).changes > 0
    },
  }
}

/** Labels of one router, newest first: for a thread with a connection of its own. */
export function labelsOf(database: Database, router: string, limit: number): KeptLabel[] {
  return database
    .prepare<[string, number], LabelRow>(`SELECT ${columns} FROM labels WHERE router = ? ORDER BY at DESC LIMIT ?`)
    .all(router, limit)
    .map(toLabel)
}

function toLabel({ started_at, features, ...row }: LabelRow): KeptLabel {
  return { ...row, startedAt: started_at, features: JSON.parse(features) as JsonObject }
}
