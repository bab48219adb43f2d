import type { BudgetRepository, BudgetState, SpentRow } from '../../gateway/store/budget-repository.ts'

export interface BudgetRowsDouble extends BudgetRepository {
  /** What the ledger holds, in the order of commit. */
  readonly rows: SpentRow[]
  saved: BudgetState
}

/** A budget repository over lists in memory. */
export function budgetRowsDouble(rows: SpentRow[] = []): BudgetRowsDouble {
  const double: BudgetRowsDouble = {
    rows,
    saved: { meters: [], lastRow: 0 },
    load: async () => double.saved,
    rowsAfter: async (row, limit) => rows.filter((entry) => entry.row > row).slice(0, limit),
    lastRow: async () => rows.at(-1)?.row ?? 0,
    save: async (state) => {
      double.saved = state
    },
    latestOutputs: async () => [],
  }
  return double
}
