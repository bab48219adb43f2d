import { chmodSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { openDatabase } from '../../../gateway/store/database.ts'
import { schemaVersion } from '../../../gateway/store/migrate.ts'
import { migrations } from '../../../gateway/store/migrations/all.ts'
import { useTemporaryDirectories } from './temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()

function refusal(action: () => unknown): GatewayError {
  try {
    action()
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
  throw new Error('Nothing was refused.')
}

describe('a new database', () => {
  it('has the newest schema, a write-ahead log and files only its owner can read', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const database = openDatabase(path)
    expect(schemaVersion(database)).toBe(migrations.at(-1)?.version)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(database.pragma('synchronous', { simple: true })).toBe(1)
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
    if (process.platform !== 'win32') {
      for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600)
    }
    database.close()
  })

  it('is opened again with what it holds', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const first = openDatabase(path)
    first.exec(`INSERT INTO settings (key, value) VALUES ('answer', '42')`)
    first.close()
    const second = openDatabase(path)
    expect(second.prepare('SELECT value FROM settings').pluck().get()).toBe('42')
    second.close()
  })

  it('is not made by a reader', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    expect(refusal(() => openDatabase(path, { readonly: true })).message).toMatch(/no database .* Start the gateway/)
    expect(existsSync(path)).toBe(false)
  })
})

describe('a readonly database', () => {
  it('reads beside a writer and cannot write', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const writer = openDatabase(path)
    const reader = openDatabase(path, { readonly: true })
    writer.exec(`INSERT INTO settings (key, value) VALUES ('answer', '42')`)
    expect(reader.prepare('SELECT value FROM settings').pluck().get()).toBe('42')
    expect(() => reader.exec('DELETE FROM settings')).toThrow(/readonly/)
    reader.close()
    writer.close()
  })

  it('asks for an upgrade by the gateway when its schema is older', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    openDatabase(path).close()
    const next = { version: migrations.length + 1, name: 'next', sql: 'CREATE TABLE next (id INTEGER)' }
    const newer = [...migrations, next]
    expect(refusal(() => openDatabase(path, { readonly: true, migrations: newer })).message).toMatch(
      new RegExp(`schema version ${migrations.length}, .*reads version ${newer.length}.*Start the gateway`, 'u'),
    )
  })
})

describe('a database that cannot be used is refused and left as it was', () => {
  it.each([false, true])('of a newer version (readonly: %s)', (readonly) => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const newer = openDatabase(path)
    newer.pragma('user_version = 99')
    newer.close()
    const before = readFileSync(path)
    const error = refusal(() => openDatabase(path, { readonly }))
    expect(error.code).toBe('database_unusable')
    expect(error.message).toContain('schema version 99')
    expect(error.message).toContain(`up to ${migrations.length}`)
    expect(error.message).toMatch(/start the newer Signalbox/)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('of another program', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const foreign = new Sqlite(path)
    foreign.exec('CREATE TABLE recipes (title TEXT)')
    foreign.close()
    const before = readFileSync(path)
    expect(refusal(() => openDatabase(path)).message).toMatch(/another program/)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('that is no database at all', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const text = 'model_list:\n'.repeat(500)
    writeFileSync(path, text)
    const error = refusal(() => openDatabase(path))
    expect(error.message).toMatch(/SQLITE_NOTADB.*damaged/)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('that lost its schema page', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    openDatabase(path).close()
    const bytes = readFileSync(path)
    bytes.fill(0xff, 100, 4096)
    writeFileSync(path, bytes)
    expect(refusal(() => openDatabase(path)).message).toMatch(/SQLITE_CORRUPT.*damaged/)
    expect(readFileSync(path).equals(bytes)).toBe(true)
  })

  it('that was cut short', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    openDatabase(path).close()
    truncateSync(path, 5000)
    const before = readFileSync(path)
    const error = refusal(() => openDatabase(path))
    expect(error.code).toBe('database_unusable')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('in a directory that is not there', () => {
    const path = join(temporaryDirectory(), 'missing', 'signalbox.db')
    expect(refusal(() => openDatabase(path)).message).toMatch(/ENOENT.*directory exists/)
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('in a directory that may not be written', () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o500)
    expect(refusal(() => openDatabase(join(directory, 'signalbox.db'))).message).toMatch(/EACCES/)
  })
})

describe('a migration', () => {
  it('that fails leaves the schema and the data of the step before', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const first = openDatabase(path)
    first.exec(`INSERT INTO settings (key, value) VALUES ('answer', '42')`)
    first.close()
    const broken = {
      version: migrations.length + 1,
      name: 'broken',
      sql: 'CREATE TABLE half_done (id INTEGER); DROP TABLE settings; INSERT INTO nowhere VALUES (1)',
    }
    expect(refusal(() => openDatabase(path, { migrations: [...migrations, broken] })).code).toBe('database_unusable')
    const again = openDatabase(path)
    expect(schemaVersion(again)).toBe(migrations.length)
    expect(again.prepare('SELECT value FROM settings').pluck().get()).toBe('42')
    expect(again.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'half_done'`).pluck().get()).toBe(0)
    again.close()
  })

  it('runs once, in order, on a database that has the steps before', () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    openDatabase(path).close()
    const next = { version: migrations.length + 1, name: 'next', sql: 'CREATE TABLE next_step (id INTEGER)' }
    for (const _ of [1, 2]) openDatabase(path, { migrations: [...migrations, next] }).close()
    const database = openDatabase(path, { migrations: [...migrations, next] })
    expect(schemaVersion(database)).toBe(migrations.length + 1)
    database.close()
  })

  it('numbers are 1, 2, 3 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, place) => place + 1))
  })
})
