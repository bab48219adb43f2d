import type { BudgetRepository } from '../../store/budget-repository.ts'
import { MeterTable } from './meter-table.ts'

/** Rows read in one turn of the event loop: well under 2 ms. */
const rowsPerTurn = 250
/** How far what is stored may lag behind, in ms: what a start after a kill has to read again. */
const keepEveryMs = 30_000

export interface BudgetKeeper {
  /** The meters in use. */
  readonly meters: MeterTable
  /** Brings what is stored up to the ledger's last row. */
  keep(): Promise<void>
  /** Stops and keeps a last time; the ledger must have written its rows. */
  close(): Promise<void>
}

export interface BudgetKeeperOptions {
  readonly repository: BudgetRepository
  /** The time zone whose calendar resets follow. */
  readonly zone: () => string
  /**
   * Makes the meters that must count the rows to be read, in a table that was just restored; `fromStart` when that is all
   * of the ledger.
   */
  readonly prepare: (meters: MeterTable, fromStart: boolean) => void
  /** A failure to keep: the meters in memory go on. */
  readonly onFailure: (failure: unknown) => void
}

/**
 * Keeps spend under budgets through any end of the process. What is stored is a state of the meters together with the
 * ledger's row it holds for; the ledger's own rows, written before an answer's last byte, are the truth after that one.
 * So nothing is stored per request, no spend is lost by a kill, and nothing that was only reserved survives it.
 */
export async function openBudgetKeeper(options: BudgetKeeperOptions): Promise<BudgetKeeper> {
  const { repository, zone, prepare, onFailure } = options
  const state = await repository.load()
  const kept = new MeterTable(zone)
  kept.restore(state.meters)
  prepare(kept, state.lastRow === 0)
  let lastRow = state.lastRow
  let savedRow = -1

  const readOn = async (): Promise<void> => {
    // A ledger that was emptied or packed numbers its rows anew.
    lastRow = Math.min(lastRow, await repository.lastRow())
    for (;;) {
      const rows = await repository.rowsAfter(lastRow, rowsPerTurn)
      for (const row of rows) {
        kept.charge(row)
        lastRow = row.row
      }
      if (rows.length < rowsPerTurn) return
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await readOn()
  const meters = new MeterTable(zone)
  meters.restore(kept.stored())

  const keepNow = async (): Promise<void> => {
    kept.follow(meters)
    await readOn()
    if (lastRow === savedRow) return
    await repository.save({ meters: kept.stored(), lastRow })
    savedRow = lastRow
  }
  let underWay: Promise<void> = Promise.resolve()
  const keep = (): Promise<void> => {
    underWay = underWay.then(keepNow).catch(onFailure)
    return underWay
  }
  await keep()
  const timer = setInterval(() => void keep(), keepEveryMs).unref()
  return {
    meters,
    keep,
    async close() {
      clearInterval(timer)
      await keep()
    },
  }
}
