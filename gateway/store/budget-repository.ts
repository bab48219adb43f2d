import type { Database } from './database.ts'

/** What was spent under one budget, as of `BudgetState.lastRow`. Money in nano-USD, times in ms since the epoch. */
export interface StoredMeter {
  readonly scope: string
  readonly duration: string | null
  readonly startedAt: number
  readonly resetsAt: number | null
  readonly spent: number
}

export interface BudgetState {
  readonly meters: readonly StoredMeter[]
  /** The last row of the ledger that is counted in the meters; 0 = none. */
  readonly lastRow: number
}

/** What a budget needs to know of one row of the ledger. */
export interface SpentRow {
  /** Its place in the order of commit. */
  readonly row: number
  readonly startedAt: number
  readonly totalMs: number
  readonly keyId: string
  readonly tags: readonly string[]
  readonly askedModel: string
  readonly modelName: string | null
  readonly provider: string | null
  readonly deploymentId: string | null
  readonly costNanoUsd: number | null
  readonly estimatedNanoUsd: number
  readonly billing: string
}

export interface AnsweredOutput {
  readonly provider: string
  readonly upstreamModel: string
  readonly outputTokens: number
}

export interface BudgetRepository {
  load(): Promise<BudgetState>
  /** At most `limit` rows after `row`, in the order of their commit. */
  rowsAfter(row: number, limit: number): Promise<readonly SpentRow[]>
  /** The last row there is; 0 for none. */
  lastRow(): Promise<number>
  /** Replaces the state in one transaction. */
  save(state: BudgetState): Promise<void>
  /** How long the newest `limit` answers were, newest first. */
  latestOutputs(limit: number): Promise<readonly AnsweredOutput[]>
}

interface MeterRow {
  readonly scope: string
  readonly duration: string | null
  readonly started_at: number
  readonly resets_at: number | null
  readonly spent_nano_usd: number
}

interface LedgerRow {
  readonly row: number
  readonly started_at: number
  readonly total_ms: number
  readonly key_id: string
  readonly tags: string
  readonly asked_model: string
  readonly model_name: string | null
  readonly provider: string | null
  readonly deployment_id: string | null
  readonly cost_nano_usd: number | null
  readonly estimated_nano_usd: number
  readonly billing: string
}

/** Every query walks the rowid, which is the order of commit, from a known place: none takes longer as the ledger grows. */
export function createBudgetRepository({ database }: { readonly database: Database }): BudgetRepository {
  const selectMeters = database.prepare<[], MeterRow>('SELECT * FROM budget_meters')
  const selectProgress = database.prepare<[], number>('SELECT last_row FROM budget_progress').pluck()
  const selectLast = database.prepare<[], number | null>('SELECT max(rowid) FROM requests').pluck()
  const selectAfter = database.prepare<[number, number], LedgerRow>(rowsAfterSql)
  const selectOutputs = database.prepare<[number], { provider: string; upstream_model: string; output_tokens: number }>(
    latestOutputsSql,
  )
  const clear = database.prepare('DELETE FROM budget_meters')
  const insert = database.prepare(
    'INSERT INTO budget_meters (scope, duration, started_at, resets_at, spent_nano_usd) VALUES (?, ?, ?, ?, ?)',
  )
  const progress = database.prepare(
    'INSERT INTO budget_progress (id, last_row) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET last_row = excluded.last_row',
  )
  const replace = database.transaction(({ meters, lastRow }: BudgetState) => {
    clear.run()
    for (const meter of meters) {
      insert.run(meter.scope, meter.duration, Math.round(meter.startedAt), meter.resetsAt, meter.spent)
    }
    progress.run(lastRow)
  })

  return {
    async load() {
      return { meters: selectMeters.all().map(toMeter), lastRow: selectProgress.get() ?? 0 }
    },
    async rowsAfter(row, limit) {
      return selectAfter.all(row, limit).map(toSpentRow)
    },
    async lastRow() {
      return selectLast.get() ?? 0
    },
    async save(state) {
      replace.immediate(state)
    },
    async latestOutputs(limit) {
      return selectOutputs.all(limit).map(({ provider, upstream_model, output_tokens }) => ({
        provider,
        upstreamModel: upstream_model,
        outputTokens: output_tokens,
      }))
    },
  }
}

export const rowsAfterSql = `
  SELECT rowid AS row, started_at, total_ms, key_id, tags, asked_model, model_name, provider, deployment_id,
    cost_nano_usd, estimated_nano_usd, billing
  FROM requests WHERE rowid > ? ORDER BY rowid LIMIT ?`

/** The newest rows are read whatever they are: looking for answers alone could walk the whole ledger. */
export const latestOutputsSql = `
  SELECT provider, upstream_model, output_tokens
  FROM (SELECT provider, upstream_model, output_tokens FROM requests ORDER BY rowid DESC LIMIT ?)
  WHERE output_tokens IS NOT NULL AND provider IS NOT NULL AND upstream_model IS NOT NULL`

function toMeter(row: MeterRow): StoredMeter {
  return {
    scope: row.scope,
    duration: row.duration,
    startedAt: row.started_at,
    resetsAt: row.resets_at,
    spent: row.spent_nano_usd,
  }
}

function toSpentRow(row: LedgerRow): SpentRow {
  return {
    row: row.row,
    startedAt: row.started_at,
    totalMs: row.total_ms,
    keyId: row.key_id,
    tags: row.tags === '[]' ? [] : (JSON.parse(row.tags) as string[]),
    askedModel: row.asked_model,
    modelName: row.model_name,
    provider: row.provider,
    deploymentId: row.deployment_id,
    costNanoUsd: row.cost_nano_usd,
    estimatedNanoUsd: row.estimated_nano_usd,
    billing: row.billing,
  }
}
