import type { Migration } from './migration.ts'

/** What was used of the running day of deployments that have a daily quota. One row each, written over as it grows. */
export const dayQuotas: Migration = {
  version: 3,
  name: 'day quotas',
  sql: `
    CREATE TABLE day_quotas (
      deployment_id TEXT PRIMARY KEY NOT NULL,
      starts_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL,
      requests INTEGER NOT NULL,
      tokens INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
