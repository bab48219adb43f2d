import { GatewayError } from '../model/errors.ts'
import { type KeySettings, plainKeySettings } from '../model/key-settings.ts'
import type { KeyChanges, KeyRecord, KeyRepository } from '../store/key-repository.ts'
import { createKeySecret, hashKey, keyName, requireStrongKey } from './key-secret.ts'
import { type StoredKey, toStoredKey } from './stored-key.ts'

export interface NewKeyOptions {
  readonly alias?: string | null | undefined
  readonly kind?: 'virtual' | 'management' | undefined
  readonly models?: readonly string[] | undefined
  readonly lifetimeMs?: number | null | undefined
  readonly blocked?: boolean | undefined
  readonly settings?: Partial<KeySettings> | undefined
  /** The caller's own key instead of a made one. */
  readonly key?: string | undefined
}

/** What may change in a key that exists; what is absent stays. Null takes an alias or an end away. */
export type KeyUpdate = Omit<NewKeyOptions, 'key'>

export interface MadeKey {
  /** The secret: in this answer and nowhere else. */
  readonly key: string
  readonly stored: StoredKey
}

/** Keys that were made here. Reads are from memory; a change is in the database before it is in effect, and in effect at once. */
export interface KeyStore {
  /** Reads all keys; called once before the gateway listens. */
  load(): Promise<void>
  find(hash: string): StoredKey | undefined
  /** By the id that a key keeps for life. */
  findById(id: string): StoredKey | undefined
  /** Newest first. */
  list(): readonly StoredKey[]
  /** @throws GatewayError `conflict` when the alias or the given key is in use, `invalid_field` when the given key is too weak */
  create(options: NewKeyOptions): Promise<MadeKey>
  /** Undefined when there is no such key. @throws GatewayError `conflict` when the alias is in use */
  update(id: string, changes: KeyUpdate): Promise<StoredKey | undefined>
  /** A new secret for the same key; the old one is refused from then on. @throws as `create` and `update` do */
  regenerate(id: string, options: NewKeyOptions): Promise<MadeKey | undefined>
  /** False when there is no such key. */
  delete(id: string): Promise<boolean>
}

export interface KeyStoreDependencies {
  readonly repository: Pick<KeyRepository, 'all' | 'insert' | 'update' | 'delete'>
  /** ms since the epoch. */
  readonly now: () => number
  /** Hashes that no key may have: the master key and the control token. */
  readonly isReserved?: (hash: string) => boolean
  /** Told of a key that is gone. */
  readonly onDeleted?: (id: string) => void
}

export function createKeyStore({ repository, now, isReserved, onDeleted }: KeyStoreDependencies): KeyStore {
  const byHash = new Map<string, StoredKey>()
  const byId = new Map<string, StoredKey>()
  // Holds what is being written, so that two changes at once cannot share an alias.
  const pending = new Set<Pick<KeyRecord, 'id' | 'hash' | 'alias'>>()

  const refuseConflict = (row: KeyRecord, isNew: boolean): void => {
    const others = [...byId.values(), ...pending].filter((other) => isNew || other.id !== row.id)
    if (others.some((other) => other.hash === row.hash) || isReserved?.(row.hash) === true) {
      throw new GatewayError('conflict', 'This key exists already. Choose another, or let the gateway make one.', {
        param: 'key',
      })
    }
    if (row.alias !== null && others.some((other) => other.alias === row.alias)) {
      throw new GatewayError('conflict', `A key with the alias "${row.alias}" exists already. Choose another alias.`, {
        param: 'key_alias',
      })
    }
  }
  const writing = async (row: KeyRecord, isNew: boolean, write: () => Promise<unknown>): Promise<StoredKey> => {
    refuseConflict(row, isNew)
    pending.add(row)
    try {
      await write()
    } finally {
      pending.delete(row)
    }
    const stored = toStoredKey(row)
    byHash.set(row.hash, stored)
    byId.set(row.id, stored)
    return stored
  }
  const change = async (id: string, changes: KeyChanges): Promise<StoredKey | undefined> => {
    const before = byId.get(id)
    if (before === undefined) return undefined
    const { identity: _, ...record } = before
    const after = { ...record, ...changes }
    const stored = await writing(after, false, () => repository.update(id, changes))
    if (after.hash !== before.hash) byHash.delete(before.hash)
    return stored
  }

  return {
    async load() {
      const stored = (await repository.all()).map(toStoredKey)
      byHash.clear()
      byId.clear()
      for (const key of stored) {
        byHash.set(key.hash, key)
        byId.set(key.id, key)
      }
    },
    find: (hash) => byHash.get(hash),
    findById: (id) => byId.get(id),
    list: () => [...byId.values()].sort((first, second) => second.createdAt - first.createdAt),
    async create(options) {
      const key = options.key === undefined ? createKeySecret() : requireStrongKey(options.key)
      const row = newRow(key, options, now())
      return { key, stored: await writing(row, true, () => repository.insert(row)) }
    },
    update: (id, changes) => change(id, toChanges(changes, byId.get(id), now())),
    async regenerate(id, options) {
      const key = options.key === undefined ? createKeySecret() : requireStrongKey(options.key)
      const secret = { hash: hashKey(key), name: keyName(key) }
      const stored = await change(id, { ...toChanges(options, byId.get(id), now()), ...secret })
      return stored === undefined ? undefined : { key, stored }
    },
    async delete(id) {
      const key = byId.get(id)
      if (key === undefined) return false
      // Refused from this moment, even if the database is slow or fails: a revoked key must not answer.
      byId.delete(id)
      byHash.delete(key.hash)
      await repository.delete(id)
      onDeleted?.(id)
      return true
    },
  }
}

function newRow(key: string, options: NewKeyOptions, now: number): KeyRecord {
  const hash = hashKey(key)
  return {
    id: hash,
    hash,
    alias: options.alias ?? null,
    kind: options.kind ?? 'virtual',
    name: keyName(key),
    models: options.models ?? [],
    createdAt: now,
    expiresAt: expiry(options.lifetimeMs, now),
    blocked: options.blocked ?? false,
    settings: { ...plainKeySettings, ...options.settings },
  }
}

function toChanges(update: KeyUpdate, before: KeyRecord | undefined, now: number): KeyChanges {
  const { alias, kind, models, lifetimeMs, blocked, settings } = update
  return {
    ...(alias === undefined ? {} : { alias }),
    ...(kind === undefined ? {} : { kind }),
    ...(models === undefined ? {} : { models }),
    ...(lifetimeMs === undefined ? {} : { expiresAt: expiry(lifetimeMs, now) }),
    ...(blocked === undefined ? {} : { blocked }),
    ...(settings === undefined || before === undefined ? {} : { settings: { ...before.settings, ...settings } }),
  }
}

function expiry(lifetimeMs: number | null | undefined, now: number): number | null {
  return lifetimeMs === undefined || lifetimeMs === null ? null : now + lifetimeMs
}
