import type { Migration } from './migration.ts'

const measures = [
  'requests',
  'failures',
  'cache_hits',
  'input_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'billed_nano_usd',
  'flat_rate_nano_usd',
  'local_nano_usd',
  'demo_nano_usd',
  'unknown_priced',
  'savings_nano_usd',
  'savings_requests',
  'savings_unknown',
]

const sums = measures.map((name) => `sum(${name})`).join(', ')

/** Which role of an agent asked, and what for; sums by role beside those by session and tag. Requests of before had no role. */
export const requestRoles: Migration = {
  version: 8,
  name: 'roles of requests',
  sql: `
    ALTER TABLE requests ADD COLUMN role TEXT;
    ALTER TABLE requests ADD COLUMN purpose TEXT;

    ALTER TABLE spend_label_hours RENAME TO earlier_label_hours;
    CREATE TABLE spend_label_hours (
      kind TEXT NOT NULL CHECK (kind IN ('session', 'tag', 'role')),
      hour INTEGER NOT NULL,
      label TEXT NOT NULL,
      ${measures.map((name) => `${name} INTEGER NOT NULL`).join(', ')},
      PRIMARY KEY (kind, hour, label)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO spend_label_hours SELECT kind, hour, label, ${measures.join(', ')} FROM earlier_label_hours;
    DROP TABLE earlier_label_hours;
    INSERT INTO spend_label_hours SELECT 'role', hour, '', ${sums} FROM spend_hours GROUP BY hour;
  `,
}
