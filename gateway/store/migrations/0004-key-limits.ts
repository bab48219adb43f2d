import type { Migration } from './migration.ts'

/**
 * `id` stays when a key gets a new secret, so that its spend and its rows in the ledger stay its own; until then it is the
 * hash. `settings` is JSON of what differs from a key without limits.
 *
 * `budget_meters` is what was spent under each budget since it last started anew, as of the row of `requests` that
 * `budget_progress` names: rows after that one are added at the next start, so that a killed process loses nothing.
 */
export const keyLimits: Migration = {
  version: 4,
  name: 'key limits',
  sql: `
    ALTER TABLE virtual_keys ADD COLUMN id TEXT NOT NULL DEFAULT '';
    ALTER TABLE virtual_keys ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
    UPDATE virtual_keys SET id = hash;
    CREATE UNIQUE INDEX virtual_keys_by_id ON virtual_keys (id);

    CREATE TABLE budget_meters (
      scope TEXT PRIMARY KEY NOT NULL,
      duration TEXT,
      started_at INTEGER NOT NULL,
      resets_at INTEGER,
      spent_nano_usd INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE budget_progress (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      last_row INTEGER NOT NULL
    ) STRICT;
  `,
}
