import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { GatewayError } from '../model/errors.ts'
import { checkSchema, migrate, schemaVersion } from './migrate.ts'
import { migrations as allMigrations } from './migrations/all.ts'
import type { Migration } from './migrations/migration.ts'

export type { Database } from 'better-sqlite3'

export interface OpenDatabaseOptions {
  /** Opens an existing, up-to-date database and never writes. */
  readonly readonly?: boolean
  /** How long a statement waits for another writer, in ms. It blocks the thread, so it is short by default: 1000. */
  readonly busyTimeoutMs?: number
  /** For tests of migration itself. */
  readonly migrations?: readonly Migration[]
}

/**
 * Opens the database file, makes it (mode 0600) if it is not there, and brings its schema up to date.
 *
 * WAL with synchronous NORMAL: a commit is in the operating system's hands when it returns, so it survives the death of
 * this process at any moment. A power cut may cost the last commits, never the file's consistency.
 *
 * Throws GatewayError `database_unusable` for a damaged file, a file of another program, a newer schema, or a place
 * that cannot be written or cannot hold a WAL; the file is left as it was.
 */
export function openDatabase(path: string, options: OpenDatabaseOptions = {}): Database {
  const { readonly = false, busyTimeoutMs = 1000, migrations = allMigrations } = options
  let database: Database | undefined
  try {
    if (readonly) checkExists(path)
    else createPrivately(path)
    database = new Sqlite(path, { readonly, fileMustExist: true, timeout: busyTimeoutMs })
    checkSchema(database, migrations)
    if (readonly) checkUpToDate(database, migrations)
    else prepareForWriting(database, migrations)
    database.pragma('foreign_keys = ON')
    return database
  } catch (thrown) {
    database?.close()
    throw explain(path, thrown)
  }
}

function prepareForWriting(database: Database, migrations: readonly Migration[]): void {
  const mode = database.pragma('journal_mode = WAL', { simple: true })
  if (mode !== 'wal') {
    throw new GatewayError(
      'database_unusable',
      `The file system of ${database.name} does not support SQLite's write-ahead log (journal mode stays ${String(mode)}). Choose a data directory on a local disk.`,
    )
  }
  database.pragma('synchronous = NORMAL')
  migrate(database, migrations)
}

function checkExists(path: string): void {
  if (existsSync(path)) return
  throw new GatewayError('database_unusable', `There is no database at ${path} yet. Start the gateway once to make it.`)
}

function checkUpToDate(database: Database, migrations: readonly Migration[]): void {
  const found = schemaVersion(database)
  const wanted = migrations.at(-1)?.version ?? 0
  if (found === wanted) return
  throw new GatewayError(
    'database_unusable',
    `${database.name} has schema version ${found}, this Signalbox reads version ${wanted}. Start the gateway once to bring it up to date.`,
  )
}

/** SQLite gives the -wal and -shm files the mode of the database, so this one call covers all three. */
function createPrivately(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
  if (process.platform !== 'win32') chmodSync(path, 0o600)
}

function explain(path: string, thrown: unknown): Error {
  if (thrown instanceof GatewayError) return thrown
  const code = (thrown as { code?: unknown }).code
  const word = typeof code === 'string' ? code : 'unknown error'
  return new GatewayError('database_unusable', `${path} cannot be used (${word}). ${remedy(word)}`, { cause: thrown })
}

function remedy(code: string): string {
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return 'The file is damaged or no database; it was left as it is. Put a backup in its place, or move it away to start with an empty one.'
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return 'Another process keeps it locked; stop that process and start again.'
  }
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') return 'The disk is full; free some space and start again.'
  return 'Check that the directory exists and that this user may write there.'
}
