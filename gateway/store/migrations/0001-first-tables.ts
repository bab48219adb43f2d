import type { Migration } from './migration.ts'

/**
 * Times are ms since the epoch, money integer nano-USD, booleans 0 or 1, lists and objects JSON text.
 *
 * `requests` is an ordinary rowid table: rows are about 1 kB and a client may choose the id, so a table clustered by id
 * (WITHOUT ROWID) would split wide pages all over the file, while this one only appends. The rowid is also the order of
 * commit. The index on started_at carries what the day's sums need, so that they never touch the wide rows; new entries
 * go to its right edge, so the extra columns cost next to nothing on insert. Sums by router use it too.
 *
 * `key_spend` is what each key has spent in all, kept in the same transaction as the rows, because the answer to every
 * request carries it and adding up all rows of a key at start would take longer the longer the gateway is in use.
 */
export const firstTables: Migration = {
  version: 1,
  name: 'first tables',
  sql: `
    CREATE TABLE requests (
      id TEXT PRIMARY KEY NOT NULL,
      started_at INTEGER NOT NULL,
      key_id TEXT NOT NULL,
      key_alias TEXT,
      agent TEXT,
      session_id TEXT,
      end_user TEXT,
      tags TEXT NOT NULL,
      dialect TEXT NOT NULL,
      asked_model TEXT NOT NULL,
      router TEXT,
      tier TEXT,
      score REAL,
      reason TEXT,
      features TEXT,
      model_name TEXT,
      deployment_id TEXT,
      provider TEXT,
      upstream_model TEXT,
      attempts TEXT NOT NULL,
      fallbacks INTEGER NOT NULL,
      status INTEGER NOT NULL,
      error_code TEXT,
      stream INTEGER NOT NULL,
      input_tokens INTEGER,
      cached_tokens INTEGER,
      cache_write_tokens INTEGER,
      output_tokens INTEGER,
      reasoning_tokens INTEGER,
      cost_nano_usd INTEGER,
      price_source TEXT NOT NULL,
      first_token_ms REAL,
      total_ms REAL NOT NULL,
      warnings TEXT NOT NULL
    ) STRICT;
    CREATE INDEX requests_by_time
      ON requests (started_at, router, tier, price_source, cost_nano_usd, status, first_token_ms);
    CREATE INDEX requests_by_session ON requests (session_id, started_at) WHERE session_id IS NOT NULL;

    CREATE TABLE key_spend (
      key_id TEXT PRIMARY KEY NOT NULL,
      billed_nano_usd INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY NOT NULL,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE router_switches (
      router TEXT PRIMARY KEY NOT NULL,
      mode TEXT NOT NULL CHECK (mode IN ('pinned', 'off')),
      tier TEXT CHECK ((tier IS NOT NULL) = (mode = 'pinned'))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE virtual_keys (
      hash TEXT PRIMARY KEY NOT NULL,
      alias TEXT,
      kind TEXT NOT NULL CHECK (kind IN ('virtual', 'management')),
      name TEXT NOT NULL,
      models TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      blocked INTEGER NOT NULL CHECK (blocked IN (0, 1))
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX virtual_keys_by_alias ON virtual_keys (alias) WHERE alias IS NOT NULL;
  `,
}
