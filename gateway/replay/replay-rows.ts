import { readUsage } from '../ledger/request-row.ts'
import type { RequestRow } from '../ledger/request-row.ts'
import type { JsonObject } from '../model/json.ts'
import type { Tier } from '../model/tier.ts'
import type { Usage } from '../model/usage.ts'
import type { Database } from '../store/database.ts'
import type { ReplayTask } from './replay-task.ts'

/** One request that a score decided. */
export interface DecidedRow {
  readonly startedAt: number
  readonly tier: Tier
  readonly features: JsonObject
  readonly usage: Usage | null
  readonly status: number
  readonly modelName: string | null
  /** What was paid for it; null = unknown. */
  readonly costNanoUsd: number | null
}

export interface ReadRows {
  /** Rows that a score decided. */
  readonly requests: number
  readonly sampled: boolean
  readonly withoutFeatures: number
}

type WideRow = Pick<
  RequestRow,
  | 'started_at'
  | 'tier'
  | 'features'
  | 'status'
  | 'model_name'
  | 'cost_nano_usd'
  | 'billing'
  | 'input_tokens'
  | 'cached_tokens'
  | 'cache_write_tokens'
  | 'cache_write_1h_tokens'
  | 'output_tokens'
  | 'reasoning_tokens'
  | 'service_tier'
>

const wideColumns = `started_at, tier, features, status, model_name, cost_nano_usd, billing, input_tokens,
  cached_tokens, cache_write_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens, service_tier`

/**
 * Hands on the requests of a router that a score decided, oldest first. Of more than `mostRequests` every second, third…
 * is taken, so that the sample covers the whole time evenly.
 */
export function readDecidedRows(
  database: Database,
  { saved, since, until, mostRequests }: ReplayTask,
  take: (row: DecidedRow) => void,
): ReadRows {
  const counts = database
    .prepare<[string, number, number], { all: number; decided: number }>(
      `SELECT count(*) AS "all", count(*) FILTER (WHERE ${decided}) AS decided FROM requests
       WHERE router = ? AND started_at >= ? AND started_at < ?`,
    )
    .get(saved.name, since, until) ?? { all: 0, decided: 0 }
  const every = Math.max(1, Math.ceil(counts.decided / mostRequests))
  const rows = database.prepare<[string, number, number], WideRow>(
    `SELECT ${wideColumns} FROM requests
     WHERE router = ? AND started_at >= ? AND started_at < ? AND ${decided} ORDER BY started_at`,
  )
  let place = 0
  for (const row of rows.iterate(saved.name, since, until)) {
    if (place % every === 0) take(toDecided(row))
    place += 1
  }
  return { requests: counts.decided, sampled: every > 1, withoutFeatures: counts.all - counts.decided }
}

const decided = 'score IS NOT NULL AND features IS NOT NULL AND tier IS NOT NULL'

function toDecided(row: WideRow): DecidedRow {
  const isPaid = row.billing === 'billed' || row.billing === 'demo'
  return {
    startedAt: row.started_at,
    tier: row.tier as Tier,
    features: JSON.parse(row.features as string) as JsonObject,
    usage: readUsage(row),
    status: row.status,
    modelName: row.model_name,
    // Nothing is paid per token for a subscription or a local model.
    costNanoUsd: isPaid ? row.cost_nano_usd : 0,
  }
}
