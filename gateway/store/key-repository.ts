import { GatewayError } from '../model/errors.ts'
import { type KeySettings, plainKeySettings } from '../model/key-settings.ts'
import type { Database } from './database.ts'

/** One virtual or management key. The key itself is never stored. */
export interface KeyRecord {
  /** What the ledger knows it by; stays the same when the key gets a new secret. The hash of its first secret. */
  readonly id: string
  /** SHA-256 of the key, hex. */
  readonly hash: string
  /** Unique when given. */
  readonly alias: string | null
  readonly kind: 'virtual' | 'management'
  /** `sk-...` and the last four characters. */
  readonly name: string
  /** Model names it may use; empty = all. */
  readonly models: readonly string[]
  /** ms since the epoch. */
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly blocked: boolean
  readonly settings: KeySettings
}

/** `hash` and `name` change together, with the secret. */
export type KeyChanges = Partial<Omit<KeyRecord, 'id' | 'createdAt'>>

export interface KeyRepository {
  /** Oldest first. */
  all(): Promise<readonly KeyRecord[]>
  find(id: string): Promise<KeyRecord | undefined>
  /** Throws GatewayError `conflict` when the hash or the alias is taken. */
  insert(key: KeyRecord): Promise<void>
  /** The key after the change; undefined when there is none. Throws GatewayError `conflict` when the hash or the alias is taken. */
  update(id: string, changes: KeyChanges): Promise<KeyRecord | undefined>
  /** True when there was such a key. */
  delete(id: string): Promise<boolean>
}

interface KeyRow {
  readonly id: string
  readonly hash: string
  readonly alias: string | null
  readonly kind: KeyRecord['kind']
  readonly name: string
  readonly models: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly blocked: number
  readonly settings: string
}

export function createKeyRepository({ database }: { readonly database: Database }): KeyRepository {
  const selectAll = database.prepare<[], KeyRow>('SELECT * FROM virtual_keys ORDER BY created_at, hash')
  const selectOne = database.prepare<[string], KeyRow>('SELECT * FROM virtual_keys WHERE id = ?')
  const insert = database.prepare(
    `INSERT INTO virtual_keys (id, hash, alias, kind, name, models, created_at, expires_at, blocked, settings)
     VALUES (@id, @hash, @alias, @kind, @name, @models, @created_at, @expires_at, @blocked, @settings)`,
  )
  const update = database.prepare(
    `UPDATE virtual_keys SET hash = @hash, alias = @alias, kind = @kind, name = @name, models = @models,
       expires_at = @expires_at, blocked = @blocked, settings = @settings
     WHERE id = @id`,
  )
  const remove = database.prepare('DELETE FROM virtual_keys WHERE id = ?')
  const find = (id: string): KeyRecord | undefined => {
    const row = selectOne.get(id)
    return row === undefined ? undefined : toRecord(row)
  }

  return {
    async all() {
      return selectAll.all().map(toRecord)
    },
    async find(id) {
      return find(id)
    },
    async insert(key) {
      refusingConflicts(key.alias, () => insert.run(toRow(key)))
    },
    async update(id, changes) {
      const before = find(id)
      if (before === undefined) return undefined
      const after = { ...before, ...changes }
      const { created_at: _, ...row } = toRow(after)
      refusingConflicts(after.alias, () => update.run(row))
      return after
    },
    async delete(id) {
      return remove.run(id).changes > 0
    },
  }
}

function refusingConflicts(alias: string | null, write: () => void): void {
  try {
    write()
  } catch (thrown) {
    const { code, message: words } = thrown as { code?: unknown; message?: unknown }
    if (code === 'SQLITE_CONSTRAINT_UNIQUE' && String(words).endsWith('.alias')) {
      const message = `The key alias ${JSON.stringify(alias)} is in use. Choose another alias or delete that key first.`
      throw new GatewayError('conflict', message, { param: 'key_alias', cause: thrown })
    }
    if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE') {
      throw new GatewayError('conflict', 'This key exists already. Make another one.', { param: 'key', cause: thrown })
    }
    throw thrown
  }
}

function toRow(key: KeyRecord): KeyRow {
  return {
    id: key.id,
    hash: key.hash,
    alias: key.alias,
    kind: key.kind,
    name: key.name,
    models: JSON.stringify(key.models),
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    blocked: key.blocked ? 1 : 0,
    settings: settingsText(key.settings),
  }
}

function toRecord(row: KeyRow): KeyRecord {
  return {
    id: row.id,
    hash: row.hash,
    alias: row.alias,
    kind: row.kind,
    name: row.name,
    models: JSON.parse(row.models) as string[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    blocked: row.blocked === 1,
    settings: { ...plainKeySettings, ...(JSON.parse(row.settings) as Partial<KeySettings>) },
  }
}

/** What differs from a key without limits, so that a new kind of limit needs no change of old rows. */
function settingsText(settings: KeySettings): string {
  const told = Object.entries(settings).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(plainKeySettings[name as keyof KeySettings]),
  )
  return JSON.stringify(Object.fromEntries(told))
}
