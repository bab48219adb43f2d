import type { Database } from 'better-sqlite3'
import { GatewayError } from '../model/errors.ts'
import type { Migration } from './migrations/migration.ts'

/** Marks the file as ours (`PRAGMA application_id`): the letters SgBx. */
export const applicationId = 0x53_67_42_78

/** The schema version of a database: 0 for a new file. */
export function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

/**
 * Refuses, before anything is written, a database that this version cannot work with: made by a newer version, or by
 * another program. Throws GatewayError `database_unusable`.
 */
export function checkSchema(database: Database, migrations: readonly Migration[]): void {
  const known = migrations.at(-1)?.version ?? 0
  const found = schemaVersion(database)
  const owner = Number(database.pragma('application_id', { simple: true }))
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get())
  if (owner !== applicationId && (owner !== 0 || tables > 0)) {
    throw new GatewayError(
      'database_unusable',
      `${database.name} is an SQLite database of another program. It was left as it is; move it away or choose another data directory.`,
    )
  }
  if (found > known) {
    throw new GatewayError(
      'database_unusable',
      `${database.name} has schema version ${found}; this Signalbox knows versions up to ${known}. It was left as it is; start the newer Signalbox that wrote it, or choose another data directory.`,
    )
  }
}

/**
 * Brings the schema up to date, each step with its new version number in one transaction, so that a crash leaves the
 * step before. Another process that migrates at the same moment is waited for (busy timeout), never repeated.
 */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const applyStep = database.transaction((migration: Migration) => {
    if (schemaVersion(database) >= migration.version) return
    database.exec(migration.sql)
    database.pragma(`application_id = ${applicationId}`)
    database.pragma(`user_version = ${migration.version}`)
  })
  for (const migration of migrations) {
    if (schemaVersion(database) < migration.version) applyStep.immediate(migration)
  }
}
