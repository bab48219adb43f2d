import type { Database } from '../../store/database.ts'
import { recordReprice } from '../ledger-events.ts'
import { keySpendUpsert } from '../key-spend.ts'
import type { PriceBook, PricedDeployment, PricedUsage } from '../price-book.ts'
import { billedCost } from '../request-record.ts'
import { readUsage } from '../request-row.ts'
import { savingsOf } from '../savings.ts'
import { createSumWriter } from '../sums/sum-writer.ts'
import { contributionOfTableRow, type SummedRow, summedColumns } from '../sums/summed-row.ts'
import type { RepriceResult, RepriceTask } from './tasks.ts'

/** Rows per transaction: few, so that a request that ends meanwhile hardly waits for the lock. */
const rowsAtOnce = 200

type StoredRow = SummedRow & { readonly rowid: number }

interface Tally {
  rows: number
  changed: number
  unknownBefore: number
  unknownAfter: number
  billedBeforeNanoUsd: number
  billedAfterNanoUsd: number
}

/**
 * Prices rows anew: cost, source, billing and savings, in steps of a transaction each, with the sums by hour and the
 * spend of keys. A price that was known and is not any more stays; cache hits and pretend money stay as they are. What it
 * did is kept among the ledger's events. `pause` is waited for between the steps.
 */
export async function reprice(
  database: Database,
  prices: PriceBook,
  task: RepriceTask,
  pause: () => Promise<unknown>,
): Promise<RepriceResult> {
  const tally: Tally = {
    rows: 0,
    changed: 0,
    unknownBefore: 0,
    unknownAfter: 0,
    billedBeforeNanoUsd: 0,
    billedAfterNanoUsd: 0,
  }
  const byKey = new Map<string, number>()
  const select = database.prepare<[number, number, number], StoredRow>(
    `SELECT rowid, ${summedColumns.join(', ')} FROM requests WHERE rowid > ? AND started_at >= ? ORDER BY rowid LIMIT ?`,
  )
  const write = createWriter(database)
  const step = database.transaction((after: number): number | undefined => {
    const rows = select.all(after, task.since, rowsAtOnce)
    const changes = rows.flatMap((row) => {
      const next = repriced(row, prices, task)
      count(tally, row, next)
      return next === row ? [] : [{ row, next }]
    })
    for (const { row, next } of changes) addTo(byKey, row.key_id, billed(next) - billed(row))
    if (!task.dryRun) write(changes)
    return rows.at(-1)?.rowid
  })
  let last: number | undefined = -1
  while (last !== undefined) {
    last = task.dryRun ? step.deferred(last) : step.immediate(last)
    if (last !== undefined) await pause()
  }
  const billedDifferenceNanoUsd = tally.billedAfterNanoUsd - tally.billedBeforeNanoUsd
  if (!task.dryRun) {
    const { rows, changed } = tally
    recordReprice(database, task.now, { since: task.since, rows, changed, billedDifferenceNanoUsd })
  }
  return { ...tally, byKey }
}

/** The row with its new price; the same row when nothing changes. */
function repriced(row: StoredRow, prices: PriceBook, task: RepriceTask): StoredRow {
  const deployment = deploymentOf(row, task)
  if (deployment === undefined || row.cache !== null || row.billing === 'demo') return row
  const usage = readUsage(row)
  const price = prices.price(deployment, usage, row.started_at)
  const isLost = price.costNanoUsd === null && row.cost_nano_usd !== null
  if (usage === null || isLost) return row
  const topTier = row.router === null ? undefined : task.topTiers.get(row.router)
  const savings = savingsOf(prices, topTier, { price, usage, at: row.started_at }) ?? row.savings_nano_usd
  const isSame =
    price.costNanoUsd === row.cost_nano_usd && price.billing === row.billing && savings === row.savings_nano_usd
  return isSame ? row : { ...row, ...columnsOf(price), savings_nano_usd: savings }
}

function columnsOf(price: PricedUsage) {
  return {
    cost_nano_usd: price.costNanoUsd,
    price_source: price.source,
    billing: price.billing,
    price_provenance: price.provenance,
  }
}

/** The deployment that answered; where it is gone, its provider and model, unless its price was the config's own. */
function deploymentOf(row: StoredRow, { deployments }: RepriceTask): PricedDeployment | undefined {
  if (row.deployment_id === null || row.provider === null || row.upstream_model === null) return undefined
  const known = deployments.get(row.deployment_id)
  if (known !== undefined || row.price_source === 'override') return known
  return {
    provider: row.provider,
    upstreamModel: row.upstream_model,
    baseUrl: '',
    baseModel: undefined,
    prices: undefined,
    adapter: 'openai-compatible',
    ...(row.billing === 'flat_rate' || row.billing === 'local' ? { billing: row.billing } : {}),
  }
}

function createWriter(database: Database) {
  const update = database.prepare(
    `UPDATE requests SET cost_nano_usd = ?, price_source = ?, billing = ?, price_provenance = ?, savings_nano_usd = ?
     WHERE rowid = ?`,
  )
  const upsertSpend = database.prepare<[string, number]>(keySpendUpsert)
  const sums = createSumWriter(database)
  return (changes: readonly { readonly row: StoredRow; readonly next: StoredRow }[]): void => {
    for (const { row, next } of changes) {
      const { cost_nano_usd, price_source, billing, price_provenance, savings_nano_usd } = next
      update.run(cost_nano_usd, price_source, billing, price_provenance, savings_nano_usd, row.rowid)
      const difference = billed(next) - billed(row)
      if (difference !== 0) upsertSpend.run(row.key_id, difference)
    }
    sums.add(
      changes.map(({ row }) => contributionOfTableRow(row)),
      -1,
    )
    sums.add(changes.map(({ next }) => contributionOfTableRow(next)))
  }
}

function count(tally: Tally, row: StoredRow, next: StoredRow): void {
  tally.rows += 1
  if (row !== next) tally.changed += 1
  tally.unknownBefore += lacksCost(row)
  tally.unknownAfter += lacksCost(next)
  tally.billedBeforeNanoUsd += billed(row)
  tally.billedAfterNanoUsd += billed(next)
}

function lacksCost(row: StoredRow): number {
  return row.cost_nano_usd === null && row.billing === 'billed' && row.input_tokens !== null ? 1 : 0
}

function billed(row: StoredRow): number {
  return billedCost({ costNanoUsd: row.cost_nano_usd, billing: row.billing })
}

function addTo(totals: Map<string, number>, key: string, amount: number): void {
  if (amount !== 0) totals.set(key, (totals.get(key) ?? 0) + amount)
}
