import type { Migration } from './migration.ts'

/** Each request in one sentence. Nobody wrote one for rows of before. */
export const explanations: Migration = {
  version: 7,
  name: 'explanations',
  sql: 'ALTER TABLE requests ADD COLUMN explanation TEXT;',
}
