import { describe, expect, it } from 'vitest'
import { dayName, periodOf, placeTime, rangeProblem } from '../../../../renderer/state/spend-period.ts'

const now = new Date(2026, 10, 18, 14, 20).getTime()

describe('the period of a range', () => {
  it('is the hours of today, until now', () => {
    const period = periodOf({ name: 'today' }, now)
    expect(period).toMatchObject({ since: new Date(2026, 10, 18).getTime(), until: undefined, bucket: 'hour' })
    expect(period.places).toHaveLength(24)
    expect(period.places[9]).toBe('2026-11-18T09:00')
  })

  it.each([
    ['7d', 7, '2026-11-12'],
    ['30d', 30, '2026-10-20'],
  ] as const)('of %s has %d days, today the last', (name, count, first) => {
    const { places, since } = periodOf({ name }, now)
    expect(places).toHaveLength(count)
    expect([places[0], places.at(-1)]).toEqual([first, '2026-11-18'])
    expect(dayName(since)).toBe(first)
  })

  it('of two days includes the last and ends after it, unless that is today', () => {
    const past = periodOf({ name: 'custom', from: '2026-10-30', to: '2026-11-02' }, now)
    expect(past.until).toBe(new Date(2026, 10, 3).getTime())
    expect(past.places).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'])
    expect(periodOf({ name: 'custom', from: '2026-11-17', to: '2026-11-18' }, now).until).toBeUndefined()
  })

  it('of one day is its hours', () => {
    expect(periodOf({ name: 'custom', from: '2026-11-02', to: '2026-11-02' }, now)).toMatchObject({
      bucket: 'hour',
      until: new Date(2026, 10, 3).getTime(),
    })
  })

  it('names places by the time they begin', () => {
    expect(placeTime('2026-11-18T09:00')).toBe(new Date(2026, 10, 18, 9).getTime())
    expect(placeTime('2026-11-18')).toBe(new Date(2026, 10, 18).getTime())
  })
})

describe('a range of two days', () => {
  it.each([
    ['', '2026-11-02', 'incomplete'],
    ['2026-11-03', '2026-11-02', 'reversed'],
    ['2024-11-03', '2026-11-02', 'long'],
    ['2026-11-02', '2026-11-02', undefined],
  ])('from %j to %j: %s', (from, to, problem) => {
    expect(rangeProblem(from, to)).toBe(problem)
  })
})
