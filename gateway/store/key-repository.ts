import { GatewayError } from '../model/errors.ts'
import type { Database } from './database.ts'

/** One virtual or management key. The key itself is never stored. */
export interface KeyRecord {
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
}

export type KeyChanges = Partial<Pick<KeyRecord, 'alias' | 'models' | 'expiresAt' | 'blocked'>>

export interface KeyRepository {
  /** Oldest first. */
  all(): Promise<readonly KeyRecord[]>
  find(hash: string): Promise<KeyRecord | undefined>
  /** Throws GatewayError `conflict` when the hash or the alias is taken. */
  insert(key: KeyRecord): Promise<void>
  /** The key after the change; undefined when there is none. Throws GatewayError `conflict` when the alias is taken. */
  update(hash: string, changes: KeyChanges): Promise<KeyRecord | undefined>
  /** True when there was such a key. */
  delete(hash: string): Promise<boolean>
}

interface KeyRow {
  readonly hash: string
  readonly alias: string | null
  readonly kind: KeyRecord['kind']
  readonly name: string
  readonly models: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly blocked: number
}

export function createKeyRepository({ database }: { readonly database: Database }): KeyRepository {
  const selectAll = database.prepare<[], KeyRow>('SELECT * FROM virtual_keys ORDER BY created_at, hash')
  const selectOne = database.prepare<[string], KeyRow>('SELECT * FROM virtual_keys WHERE hash = ?')
  const insert = database.prepare(
    `INSERT INTO virtual_keys (hash, alias, kind, name, models, created_at, expires_at, blocked)
     VALUES (@hash, @alias, @kind, @name, @models, @created_at, @expires_at, @blocked)`,
  )
  const update = database.prepare(
    `UPDATE virtual_keys SET alias = @alias, models = @models, expires_at = @expires_at, blocked = @blocked
     WHERE hash = @hash`,
  )
  const remove = database.prepare('DELETE FROM virtual_keys WHERE hash = ?')
  const find = (hash: string): KeyRecord | undefined => {
    const row = selectOne.get(hash)
    return row === undefined ? undefined : toRecord(row)
  }

  return {
    async all() {
      return selectAll.all().map(toRecord)
    },
    async find(hash) {
      return find(hash)
    },
    async insert(key) {
      refusingConflicts(key.alias, () => insert.run(toRow(key)))
    },
    async update(hash, changes) {
      const before = find(hash)
      if (before === undefined) return undefined
      const after = { ...before, ...changes }
      const { alias, models, expires_at, blocked } = toRow(after)
      refusingConflicts(after.alias, () => update.run({ hash, alias, models, expires_at, blocked }))
      return after
    },
    async delete(hash) {
      return remove.run(hash).changes > 0
    },
  }
}

function refusingConflicts(alias: string | null, write: () => void): void {
  try {
    write()
  } catch (thrown) {
    const code = String((thrown as { code?: unknown }).code)
    if (code === 'SQLITE_CONSTRAINT_UNIQUE') {
      const message = `The key alias ${JSON.stringify(alias)} is in use. Choose another alias or delete that key first.`
      throw new GatewayError('conflict', message, { param: 'key_alias', cause: thrown })
    }
    if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
      throw new GatewayError('conflict', 'This key exists already. Make another one.', { param: 'key', cause: thrown })
    }
    throw thrown
  }
}

function toRow(key: KeyRecord): KeyRow {
  return {
    hash: key.hash,
    alias: key.alias,
    kind: key.kind,
    name: key.name,
    models: JSON.stringify(key.models),
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    blocked: key.blocked ? 1 : 0,
  }
}

function toRecord(row: KeyRow): KeyRecord {
  return {
    hash: row.hash,
    alias: row.alias,
    kind: row.kind,
    name: row.name,
    models: JSON.parse(row.models) as string[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    blocked: row.blocked === 1,
  }
}
