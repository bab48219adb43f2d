import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChartPoint, layoutSpendChart, scaleFor } from '../../../../renderer/format/spend-chart.ts'

const dollar = 1_000_000_000
const point = (at: string, name: string | null, dollars: number): ChartPoint => ({
  at,
  name,
  billedNanoUsd: dollars * dollar,
})

describe('the spend chart', () => {
  it('has a column for every place, in their order, also where nothing was spent', () => {
    const chart = layoutSpendChart([point('b', 'x', 2)], { places: ['a', 'b', 'c'], most: 6, atLeast: 0 })
    expect(chart.columns.map((column) => column.totalNanoUsd)).toEqual([0, 2 * dollar, 0])
    expect(chart.columns[0]?.parts).toEqual([])
  })

  it('stacks in the given order and leaves out what cost nothing', () => {
    const points = [point('a', null, 1), point('a', 'REASONING', 3), point('a', 'SIMPLE', 2), point('a', 'MEDIUM', 0)]
    const order = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING', null]
    const chart = layoutSpendChart(points, { places: ['a'], order, most: 6, atLeast: 0 })
    expect(chart.bands.map((band) => band.name)).toEqual(['SIMPLE', 'REASONING', null])
    expect(chart.bands.some((band) => band.rest)).toBe(false)
  })

  it('sums what has no band of its own, dearest first', () => {
    const points = ['a', 'b', 'c', 'd'].map((name, index) => point('day', name, 10 - index))
    const chart = layoutSpendChart(points, { places: ['day'], most: 2, atLeast: 0 })
    expect(chart.bands).toEqual([
      { name: 'a', rest: false },
      { name: 'b', rest: false },
      { name: null, rest: true },
    ])
    expect(chart.columns[0]?.parts.map((part) => part.nanoUsd / dollar)).toEqual([10, 9, 15])
  })

  it('keeps the scale it has reached', () => {
    expect(layoutSpendChart([point('a', 'x', 1)], { places: ['a'], most: 6, atLeast: 8 * dollar }).top).toBe(8 * dollar)
  })

  it('loses no money, and no column is higher than the scale', () => {
    const points = fc.array(
      fc.record({
        at: fc.constantFrom('a', 'b', 'c'),
        name: fc.constantFrom(null, 'x', 'y', 'z', 'w'),
        billedNanoUsd: fc.nat(),
      }),
    )
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 4 }), (given, most) => {
        const { columns } = layoutSpendChart(given, { places: ['a', 'b', 'c'], most, atLeast: 0 })
        const parts = columns.flatMap((column) => column.parts)
        const spent = given.reduce((sum, one) => sum + one.billedNanoUsd, 0)
        expect(parts.reduce((sum, part) => sum + part.nanoUsd, 0)).toBe(spent)
        for (const column of columns) {
          expect(column.parts.reduce((sum, part) => sum + part.height, 0)).toBeLessThanOrEqual(100 + 1e-6)
        }
      }),
    )
  })
})

describe('its scale', () => {
  it.each([
    [0, 0, []],
    [4.17, 5, [0, 2, 4]],
    [3.72, 4, [0, 1, 2, 3]],
    [0.84, 0.875, [0, 0.25, 0.5, 0.75]],
  ])('for %d reaches %d', (value, top, lines) => {
    const scale = scaleFor(value * dollar)
    expect(scale.top / dollar).toBeCloseTo(top)
    expect(scale.lines.map((line) => line / dollar)).toEqual(lines)
  })

  it('holds every value and draws few lines', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e15 }), (value) => {
        const { top, lines } = scaleFor(value)
        expect(top).toBeGreaterThanOrEqual(value * (1 - 1e-9))
        expect(top).toBeLessThanOrEqual(value * 1.6 + 1)
        // Drawn anew from what it has reached, it stays.
        expect(scaleFor(top).top).toBeCloseTo(top, -1)
        expect(lines.length).toBeGreaterThanOrEqual(2)
        expect(lines.length).toBeLessThanOrEqual(4)
      }),
    )
  })
})
