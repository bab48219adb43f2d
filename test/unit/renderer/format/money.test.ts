import fastCheck from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatExactMoney, formatMoney } from '../../../../renderer/format/money.ts'

describe('formatMoney', () => {
  it.each([
    [16_590_000_000, '$16.59'],
    [1_000_000_000, '$1.00'],
    [999_960_000, '$1.00'],
    [999_940_000, '$0.9999'],
    [22_334_400, '$0.0223'],
    [100_000, '$0.0001'],
    [99_999, '< $0.0001'],
    [1, '< $0.0001'],
    [0, '$0.00'],
    [-310_000_000, '\u2212$0.3100'],
    [-1, '> \u2212$0.0001'],
    [1_234_567_000_000, '$1,234.57'],
  ])('writes %i nano-dollars as %s', (nano, text) => expect(formatMoney(nano, 'en-US')).toBe(text))

  it('never shows zero for money that is not zero', () => {
    const amounts = fastCheck.integer({ min: 1, max: 10_000_000_000 })
    fastCheck.assert(fastCheck.property(amounts, (nano) => !/^\$0\.0+$/.test(formatMoney(nano, 'en-US'))))
  })
})

describe('formatExactMoney', () => {
  it('keeps every nano-dollar', () => {
    expect(formatExactMoney(22_334_401)).toBe('$0.022334401')
    expect(formatExactMoney(1_000_000_001)).toBe('$1.000000001')
    expect(formatExactMoney(-5)).toBe('\u2212$0.000000005')
  })
})
