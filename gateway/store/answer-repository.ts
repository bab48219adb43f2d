import { rmSync } from 'node:fs'
import { type Database, openDatabase } from './database.ts'
import type { Migration } from './migrations/migration.ts'

/** Beside the ledger's database, in a file of its own: it can be emptied by deleting it, and never delays the ledger's commits. */
export const answersFileName = 'answers.db'

/** One kept answer. Times in ms since the epoch. */
export interface AnswerRow {
  readonly key: string
  readonly storedAt: number
  readonly expiresAt: number
  /** What there is to know of the bytes, as JSON text. */
  readonly facts: string
  readonly body: Buffer
}

export interface AnswerRepository {
  /** A point read. Undefined when there is none or its time is over. */
  find(key: string, now: number): Promise<AnswerRow | undefined>
  /** One transaction: keeps `rows`, marks `used` keys as used now, drops what is over, then the least recently used above `maxBytes`. */
  write(batch: AnswerBatch): Promise<void>
  /** How many of them there were. */
  delete(keys: readonly string[]): Promise<number>
  /** Deletes the file and begins a new one. Gives how many answers there were. */
  clear(): Promise<number>
  size(): Promise<AnswersSize>
  close(): void
}

export interface AnswerBatch {
  readonly rows: readonly AnswerRow[]
  readonly used: readonly string[]
  readonly now: number
  readonly maxBytes: number
}

export interface AnswersSize {
  readonly answers: number
  readonly bytes: number
}

/** Rows dropped in one transaction: keeps it short when many end at once; the rest goes with the next ones. */
const mostDropped = 200

/** Page and index overhead of a row, so that many small ones do not outgrow the bound unseen. */
const rowOverhead = 200

const answersTable: Migration = {
  version: 1,
  name: 'answers',
  sql: `
    CREATE TABLE answers (
      key TEXT PRIMARY KEY NOT NULL,
      stored_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      used_at INTEGER NOT NULL,
      size INTEGER NOT NULL,
      facts TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE INDEX answers_by_use ON answers (used_at, size);
    CREATE INDEX answers_by_end ON answers (expires_at, size);
  `,
}

/** Opens or makes the file at `path`. @throws GatewayError `database_unusable` */
export function openAnswerRepository(path: string): AnswerRepository {
  let file = openFile(path)
  return {
    find: async (key, now) => file.find(key, now),
    write: async (batch) => file.write(batch),
    delete: async (keys) => file.delete(keys),
    async clear() {
      const { answers } = file.size()
      file.close()
      removeAnswers(path)
      file = openFile(path)
      return answers
    },
    size: async () => file.size(),
    close: () => file.close(),
  }
}

/** Deletes the answers of a gateway that does not run. */
export function removeAnswers(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
}

function openFile(path: string) {
  const database = openDatabase(path, { migrations: [answersTable] })
  // Nothing here is worth a disk flush: after a power cut the cache may be shorter, never wrong.
  database.pragma('synchronous = OFF')
  const statements = prepare(database)
  let bytes = statements.sum.get() ?? 0

  const drop = (rows: readonly { readonly key: string; readonly size: number }[]): void => {
    for (const { key, size } of rows) {
      statements.remove.run(key)
      bytes -= size
    }
  }
  const put = ({ key, storedAt, expiresAt, facts, body }: AnswerRow): void => {
    const size = body.length + Buffer.byteLength(facts) + rowOverhead
    bytes += size - (statements.sizeOf.get(key) ?? 0)
    statements.put.run(key, storedAt, expiresAt, storedAt, size, facts, body)
  }
  const write = database.transaction(({ rows, used, now, maxBytes }: AnswerBatch): void => {
    for (const key of used) statements.touch.run(now, key)
    for (const row of rows) put(row)
    drop(statements.over.all(now, mostDropped))
    for (;;) {
      const excess = bytes - maxBytes
      const oldest = excess > 0 ? statements.leastUsed.all(mostDropped) : []
      if (oldest.length === 0) return
      drop(untilFits(oldest, excess))
    }
  })
  const remove = database.transaction((keys: readonly string[]): number => {
    let removed = 0
    for (const key of keys) {
      const size = statements.sizeOf.get(key)
      if (size === undefined) continue
      drop([{ key, size }])
      removed += 1
    }
    return removed
  })
  return {
    find: (key: string, now: number): AnswerRow | undefined => statements.find.get(key, now),
    write: (batch: AnswerBatch): void => {
      const before = bytes
      try {
        write.immediate(batch)
      } catch (failure) {
        bytes = before
        throw failure
      }
    },
    delete: (keys: readonly string[]): number => remove.immediate(keys),
    size: (): AnswersSize => ({ answers: statements.count.get() ?? 0, bytes }),
    close: (): void => {
      database.close()
    },
  }
}

function prepare(database: Database) {
  return {
    find: database.prepare<[string, number], AnswerRow>(
      'SELECT key, stored_at AS storedAt, expires_at AS expiresAt, facts, body FROM answers WHERE key = ? AND expires_at > ?',
    ),
    put: database.prepare(
      `INSERT INTO answers (key, stored_at, expires_at, used_at, size, facts, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET stored_at = excluded.stored_at, expires_at = excluded.expires_at,
         used_at = excluded.used_at, size = excluded.size, facts = excluded.facts, body = excluded.body`,
    ),
    touch: database.prepare('UPDATE answers SET used_at = ? WHERE key = ?'),
    sizeOf: database.prepare<[string], number>('SELECT size FROM answers WHERE key = ?').pluck(),
    remove: database.prepare('DELETE FROM answers WHERE key = ?'),
    over: database.prepare<[number, number], { key: string; size: number }>(
      'SELECT key, size FROM answers WHERE expires_at <= ? ORDER BY expires_at LIMIT ?',
    ),
    leastUsed: database.prepare<[number], { key: string; size: number }>(
      'SELECT key, size FROM answers ORDER BY used_at LIMIT ?',
    ),
    sum: database.prepare<[], number>('SELECT coalesce(sum(size), 0) FROM answers').pluck(),
    count: database.prepare<[], number>('SELECT count(*) FROM answers').pluck(),
  }
}

/** The first rows whose sizes add up to `excess` bytes, or all. */
function untilFits<Row extends { readonly size: number }>(rows: readonly Row[], excess: number): readonly Row[] {
  let sum = 0
  const end = rows.findIndex(({ size }) => {
    sum += size
    return sum >= excess
  })
  return end === -1 ? rows : rows.slice(0, end + 1)
}
