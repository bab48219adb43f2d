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

const measureColumns = measures.map((name) => `${name} INTEGER NOT NULL`).join(', ')

const hour = `started_at - started_at % 1000 - 1000 * (
  60 * CAST(strftime('%M', started_at / 1000, 'unixepoch', 'localtime') AS INTEGER)
  + CAST(strftime('%S', started_at / 1000, 'unixepoch', 'localtime') AS INTEGER))`

const paid = (billing: string) => `coalesce(sum(cost_nano_usd) FILTER (WHERE billing = '${billing}'), 0)`

/** Of rows of the schema before: none of them was a cache hit or had savings. */
const sums = `
  count(*), count(*) FILTER (WHERE status >= 400 OR error_code IS NOT NULL), 0,
  coalesce(sum(input_tokens), 0), coalesce(sum(cached_tokens), 0), coalesce(sum(cache_write_tokens), 0),
  coalesce(sum(output_tokens), 0), coalesce(sum(reasoning_tokens), 0),
  ${paid('billed')}, ${paid('flat_rate')}, ${paid('local')}, ${paid('demo')},
  count(*) FILTER (WHERE cost_nano_usd IS NULL AND billing = 'billed'
    AND (status < 400 OR status = 499 OR first_token_ms IS NOT NULL)),
  0, 0, 0`

/**
 * Sums by hour, kept in the same transaction as the rows, so that a report does not read a million of them; they stay
 * when old rows go. The hour is its first ms; hours begin where the clock on the wall shows :00, so that local days are
 * whole hours in every zone. '' stands for what a request had none of: a key of a table without rowids holds no NULL.
 *
 * Sessions and tags have sums of their own: with them among the dimensions, a client that names each request anew would
 * make one sum per row.
 */
export const spendHours: Migration = {
  version: 5,
  name: 'sums by hour',
  sql: `
    CREATE TABLE spend_hours (
      hour INTEGER NOT NULL,
      model TEXT NOT NULL,
      upstream_model TEXT NOT NULL,
      provider TEXT NOT NULL,
      router TEXT NOT NULL,
      tier TEXT NOT NULL,
      key_id TEXT NOT NULL,
      agent TEXT NOT NULL,
      user TEXT NOT NULL,
      team TEXT NOT NULL,
      billing TEXT NOT NULL,
      key_alias TEXT,
      ${measureColumns},
      PRIMARY KEY (hour, model, upstream_model, provider, router, tier, key_id, agent, user, team, billing)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE spend_label_hours (
      kind TEXT NOT NULL CHECK (kind IN ('session', 'tag')),
      hour INTEGER NOT NULL,
      label TEXT NOT NULL,
      ${measureColumns},
      PRIMARY KEY (kind, hour, label)
    ) STRICT, WITHOUT ROWID;

    INSERT INTO spend_hours
      SELECT ${hour}, coalesce(model_name, ''), coalesce(upstream_model, ''), coalesce(provider, ''), coalesce(router, ''),
        coalesce(tier, ''), key_id, coalesce(agent, ''), coalesce(user_id, end_user, ''), coalesce(team_id, ''), billing,
        max(key_alias), ${sums}
      FROM requests GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
    INSERT INTO spend_label_hours
      SELECT 'session', ${hour}, coalesce(session_id, ''), ${sums} FROM requests GROUP BY 1, 2, 3;
    INSERT INTO spend_label_hours
      SELECT 'tag', ${hour}, coalesce(label.value, ''), ${sums}
      FROM requests LEFT JOIN json_each(requests.tags) AS label GROUP BY 1, 2, 3;

    CREATE TABLE ledger_events (
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
  `,
}
