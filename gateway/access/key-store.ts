import { GatewayError } from '../model/errors.ts'
import type { KeyRecord, KeyRepository } from '../store/key-repository.ts'
import { createKeySecret, hashKey, keyName } from './key-secret.ts'
import { type StoredKey, toStoredKey } from './stored-key.ts'

export interface NewKeyOptions {
  readonly alias?: string | undefined
  readonly kind?: 'virtual' | 'management' | undefined
  readonly models?: readonly string[] | undefined
  readonly lifetimeMs?: number | undefined
  /** The caller's own key instead of a made one. */
  readonly key?: string | undefined
}

/** Keys that were made here. Reads are from memory; a change is in the database before it is in effect, and in effect at once. */
export interface KeyStore {
  /** Reads all keys; called once before the gateway listens. */
  load(): Promise<void>
  find(hash: string): StoredKey | undefined
  /** Newest first. */
  list(): readonly StoredKey[]
  /**
   * Makes a key; the secret is in the answer and nowhere else.
   * @throws GatewayError `conflict` when the alias or the given key is in use, `invalid_field` when the given key is too weak
   */
  create(options: NewKeyOptions): Promise<{ readonly key: string; readonly stored: StoredKey }>
  /** False when there is no such key. */
  delete(hash: string): Promise<boolean>
}

export interface KeyStoreDependencies {
  readonly repository: Pick<KeyRepository, 'all' | 'insert' | 'delete'>
  /** ms since the epoch. */
  readonly now: () => number
  /** Hashes that no key may have: the master key and the control token. */
  readonly isReserved?: (hash: string) => boolean
}

export function createKeyStore({ repository, now, isReserved }: KeyStoreDependencies): KeyStore {
  const keys = new Map<string, StoredKey>()
  // Holds what is being inserted, so that two creations at once cannot share an alias.
  const pending = new Set<KeyRecord>()

  const refuseConflict = (row: KeyRecord): void => {
    if (keys.has(row.hash) || isReserved?.(row.hash) === true) {
      throw new GatewayError('conflict', 'This key exists already. Choose another, or let the gateway make one.', {
        param: 'key',
      })
    }
    if (row.alias === null) return
    const taken = [...keys.values(), ...pending].some((other) => other.alias === row.alias)
    if (taken) {
      throw new GatewayError('conflict', `A key with the alias "${row.alias}" exists already. Choose another alias.`, {
        param: 'key_alias',
      })
    }
  }

  return {
    async load() {
      const stored = await repository.all()
      keys.clear()
      for (const row of stored) keys.set(row.hash, toStoredKey(row))
    },
    find: (hash) => keys.get(hash),
    list: () => [...keys.values()].sort((first, second) => second.createdAt - first.createdAt),
    async create(options) {
      const key = options.key === undefined ? createKeySecret() : requireStrongKey(options.key)
      const row = newRow(key, options, now())
      refuseConflict(row)
      pending.add(row)
      try {
        await repository.insert(row)
      } finally {
        pending.delete(row)
      }
      const stored = toStoredKey(row)
      keys.set(row.hash, stored)
      return { key, stored }
    },
    async delete(hash) {
      if (!keys.has(hash)) return false
      // Refused from this moment, even if the database is slow or fails: a revoked key must not answer.
      keys.delete(hash)
      await repository.delete(hash)
      return true
    },
  }
}

function newRow(key: string, options: NewKeyOptions, now: number): KeyRecord {
  return {
    hash: hashKey(key),
    alias: options.alias ?? null,
    kind: options.kind ?? 'virtual',
    name: keyName(key),
    models: options.models ?? [],
    createdAt: now,
    expiresAt: options.lifetimeMs === undefined ? null : now + options.lifetimeMs,
    blocked: false,
  }
}

function requireStrongKey(key: string): string {
  if (/^sk-[\x21-\x7e]{16,400}$/u.test(key)) return key
  throw new GatewayError(
    'invalid_field',
    'A key of your own must start with `sk-` and have 16 to 400 printable characters without spaces after it.',
    { param: 'key' },
  )
}
