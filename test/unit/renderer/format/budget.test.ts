import { describe, expect, it } from 'vitest'
import { budgetPace, budgetShare } from '../../../../renderer/format/budget.ts'

const dollar = 1_000_000_000
const noon = new Date(2026, 10, 16, 0).getTime()
const nextMonth = new Date(2026, 11, 1).getTime()
const budget = (duration: string | null, resetsAt: number | null, spent = 30) => ({
  maxNanoUsd: 60 * dollar,
  spentNanoUsd: spent * dollar,
  duration,
  resetsAt,
})

describe('a budget', () => {
  it('has no share without a limit, and is used up when it is 0', () => {
    expect(budgetShare({ ...budget(null, null), maxNanoUsd: null })).toBeUndefined()
    expect(budgetShare({ ...budget(null, null), maxNanoUsd: 0 })).toBe(1)
    expect(budgetShare(budget(null, null))).toBe(0.5)
  })

  it.each(['monthly', '30d', '1mo'])('of %s runs with the month', (duration) => {
    const pace = budgetPace(budget(duration, nextMonth), noon)
    expect(pace?.elapsed).toBeCloseTo(0.5)
    expect(pace?.expectedNanoUsd).toBe(60 * dollar)
  })

  it.each([
    ['daily', 24],
    ['1d', 24],
    ['12h', 12],
    ['weekly', 168],
  ])('of %s began %d hours before its end', (duration, hours) => {
    const quarter = noon + (hours / 4) * 3 * 3_600_000
    expect(budgetPace(budget(duration, quarter), noon)?.elapsed).toBeCloseTo(0.25)
  })

  it('tells no pace in its first tenth, nor when it never starts anew', () => {
    expect(budgetPace(budget('monthly', nextMonth), new Date(2026, 10, 2).getTime())?.expectedNanoUsd).toBeNull()
    expect(budgetPace(budget(null, null), noon)).toBeUndefined()
    expect(budgetPace(budget('soon', nextMonth), noon)).toBeUndefined()
  })
})
