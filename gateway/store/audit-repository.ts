import type { JsonObject } from '../model/json.ts'
import type { Database } from './database.ts'

/** One change. Holds no secret: names of fields, and values only where they are none. */
export interface AuditEvent {
  /** ms since the epoch. */
  readonly at: number
  /** Who, in words: `master key`, `management key laptop`, `control token`, `config file`. */
  readonly actor: string
  /** `key.created`, `config.applied`, `switch.set`… */
  readonly action: string
  /** What was changed: the id of a key, the name of a router, the path of the config. */
  readonly subject: string
  readonly details: JsonObject
}

export interface KeptAuditEvent extends AuditEvent {
  /** Counts up. */
  readonly id: number
}

export interface AuditRepository {
  append(event: AuditEvent): Promise<void>
  /** Newest first; those with an id below `before` where it is given. */
  recent(limit: number, before?: number): Promise<readonly KeptAuditEvent[]>
}

interface AuditRow extends Omit<KeptAuditEvent, 'details'> {
  readonly details: string
}

export function createAuditRepository({ database }: { readonly database: Database }): AuditRepository {
  const select = database.prepare<[number, number], AuditRow>(
    'SELECT id, at, actor, action, subject, details FROM audit_events WHERE id < ? ORDER BY id DESC LIMIT ?',
  )
  const insert = database.prepare(
    'INSERT INTO audit_events (at, actor, action, subject, details) VALUES (?, ?, ?, ?, ?)',
  )
  return {
    async append({ at, actor, action, subject, details }) {
      insert.run(at, actor, action, subject, JSON.stringify(details))
    },
    async recent(limit, before = Number.MAX_SAFE_INTEGER) {
      return select.all(before, limit).map((row) => ({ ...row, details: JSON.parse(row.details) as JsonObject }))
    },
  }
}
