import type { Migration } from './migration.ts'

/**
 * "Wrong tier?": what somebody thinks a request should have been. A label holds the features of its turn, never its text,
 * and so outlives the row of the request. `skipped`: what the plan left out and why, as JSON; NULL = nothing.
 */
export const labels: Migration = {
  version: 10,
  name: 'labels of requests, and what plans left out',
  sql: `
    ALTER TABLE requests ADD COLUMN skipped TEXT;
    CREATE TABLE labels (
      id TEXT PRIMARY KEY NOT NULL,
      started_at INTEGER NOT NULL,
      router TEXT NOT NULL,
      decided TEXT NOT NULL,
      tier TEXT NOT NULL,
      features TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX labels_by_router ON labels (router, at);
  `,
}
