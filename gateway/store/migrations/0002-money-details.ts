import type { Migration } from './migration.ts'

/**
 * What a cost rests on, and whom it belongs to. Rows of before were paid per token, but for the demo's; what nobody
 * noted then (users, teams, savings, hours of cache writes) stays unknown.
 */
export const moneyDetails: Migration = {
  version: 2,
  name: 'money details',
  sql: `
    ALTER TABLE requests ADD COLUMN user_id TEXT;
    ALTER TABLE requests ADD COLUMN team_id TEXT;
    ALTER TABLE requests ADD COLUMN billing TEXT NOT NULL DEFAULT 'billed';
    ALTER TABLE requests ADD COLUMN price_provenance TEXT NOT NULL DEFAULT '';
    ALTER TABLE requests ADD COLUMN savings_nano_usd INTEGER;
    ALTER TABLE requests ADD COLUMN cache TEXT;
    ALTER TABLE requests ADD COLUMN cache_write_1h_tokens INTEGER;
    ALTER TABLE requests ADD COLUMN service_tier TEXT;
    UPDATE requests SET billing = 'demo' WHERE price_source = 'demo';
    DROP INDEX requests_by_time;
    CREATE INDEX requests_by_time
      ON requests (started_at, router, tier, billing, cost_nano_usd, status, first_token_ms);
  `,
}
