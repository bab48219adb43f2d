import type { Migration } from './migration.ts'

/** What requests have probably cost beyond what was reported of them. Of rows of before nobody knows. */
export const estimatedSpend: Migration = {
  version: 9,
  name: 'estimated spend',
  sql: `
    ALTER TABLE requests ADD COLUMN estimated_nano_usd INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE spend_hours ADD COLUMN estimated_nano_usd INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE spend_label_hours ADD COLUMN estimated_nano_usd INTEGER NOT NULL DEFAULT 0;
  `,
}
