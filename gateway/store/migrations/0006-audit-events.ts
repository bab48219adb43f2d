import type { Migration } from './migration.ts'

/** What was changed by whom. Rows are only ever added: the triggers refuse everything else, whoever asks. */
export const auditEvents: Migration = {
  version: 6,
  name: 'audit events',
  sql: `
    CREATE TABLE audit_events (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      details TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_events_are_not_changed BEFORE UPDATE ON audit_events
      BEGIN SELECT RAISE(ABORT, 'audit events are only added'); END;
    CREATE TRIGGER audit_events_are_not_deleted BEFORE DELETE ON audit_events
      BEGIN SELECT RAISE(ABORT, 'audit events are only added'); END;
  `,
}
