export interface BudgetFigures {
  readonly maxNanoUsd: number | null
  readonly spentNanoUsd: number
  /** `30d`, `monthly`…; null = for good. */
  readonly duration: string | null
  /** ms since the epoch. */
  readonly resetsAt: number | null
}

export interface BudgetPace {
  /** How much of the budget's time is over, 0 to 1. */
  readonly elapsed: number
  /** What will be spent at its end if it goes on like this, nano-USD; null in the first tenth, which tells nothing. */
  readonly expectedNanoUsd: number | null
}

const dayMs = 86_400_000
const tooEarly = 0.1
const words: Readonly<Record<string, string>> = {
  hourly: '1h',
  daily: '1d',
  weekly: '1w',
  monthly: '1mo',
  yearly: '12mo',
}

/** How much of a budget is gone, 0 to 1 and beyond; undefined without a limit. A budget of 0 is used up. */
export function budgetShare({ maxNanoUsd, spentNanoUsd }: BudgetFigures): number | undefined {
  if (maxNanoUsd === null) return undefined
  return maxNanoUsd === 0 ? 1 : spentNanoUsd / maxNanoUsd
}

/** Where a budget stands in its time; undefined when it never starts anew. `now` in ms since the epoch. */
export function budgetPace(budget: BudgetFigures, now: number): BudgetPace | undefined {
  if (budget.duration === null || budget.resetsAt === null) return undefined
  const start = startOf(budget.duration, budget.resetsAt)
  if (start === undefined || start >= budget.resetsAt) return undefined
  const elapsed = Math.min(1, Math.max(0, (now - start) / (budget.resetsAt - start)))
  return { elapsed, expectedNanoUsd: elapsed < tooEarly ? null : Math.round(budget.spentNanoUsd / elapsed) }
}

/** Days and longer are counted by the calendar, as the gateway does: 30 days are the month. */
function startOf(duration: string, resetsAt: number): number | undefined {
  const plain = duration.trim().toLowerCase()
  const match = /^(\d+)(mo|[smhdw])$/u.exec(words[plain] ?? plain)
  const count = Number(match?.[1] ?? 0)
  const unit = match?.[2]
  if (unit === undefined || count === 0) return undefined
  const end = new Date(resetsAt)
  if (unit === 'mo' || (unit === 'd' && count === 30)) {
    return new Date(end.getFullYear(), end.getMonth() - (unit === 'mo' ? count : 1), end.getDate()).getTime()
  }
  const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs }
  return resetsAt - count * (unitMs[unit] ?? dayMs)
}
