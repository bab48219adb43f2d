import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DayCount } from '../../../../gateway/relay/deployments/day-count.ts'
import { dayAt } from '../../../../gateway/relay/deployments/day-window.ts'

const berlin = { resetsAtMinute: 0, timeZone: 'Europe/Berlin' }
const at = (text: string): number => Date.parse(text)
const hours = (now: number, rule = berlin): number => {
  const { startsAt, endsAt } = dayAt(now, rule)
  return (endsAt - startsAt) / 3_600_000
}

describe('the day of a provider', () => {
  test('begins at midnight of its zone', () => {
    const day = dayAt(at('2026-11-27T12:00:00Z'), berlin)
    expect(new Date(day.startsAt).toISOString()).toBe('2026-11-26T23:00:00.000Z')
    expect(new Date(day.endsAt).toISOString()).toBe('2026-11-27T23:00:00.000Z')
  })

  test('belongs to the next one from the very moment of the reset', () => {
    expect(dayAt(at('2026-11-27T23:00:00Z'), berlin).startsAt).toBe(at('2026-11-27T23:00:00Z'))
    expect(dayAt(at('2026-11-27T22:59:59.999Z'), berlin).endsAt).toBe(at('2026-11-27T23:00:00Z'))
  })

  test('has 23 hours when the clocks go forward and 25 when they go back', () => {
    expect(hours(at('2026-03-29T10:00:00Z'))).toBe(23)
    expect(hours(at('2026-10-25T10:00:00Z'))).toBe(25)
    expect(hours(at('2026-10-26T10:00:00Z'))).toBe(24)
  })

  test('resets an hour later when its clock time does not exist, and once when it exists twice', () => {
    const rule = { resetsAtMinute: 150, timeZone: 'Europe/Berlin' }
    expect(dayAt(at('2026-03-29T12:00:00Z'), rule).startsAt).toBe(at('2026-03-29T01:30:00Z'))
    expect(dayAt(at('2026-10-25T12:00:00Z'), rule).startsAt).toBe(at('2026-10-25T00:30:00Z'))
  })

  test.each([
    ['America/Los_Angeles', '2026-11-27T08:00:00Z'],
    ['Asia/Kathmandu', '2026-11-27T18:15:00Z'],
    ['UTC', '2026-11-28T00:00:00Z'],
    ['Pacific/Kiritimati', '2026-11-27T10:00:00Z'],
  ])('in %s ends at %s', (timeZone, end) => {
    expect(dayAt(at(end) - 1, { resetsAtMinute: 0, timeZone }).endsAt).toBe(at(end))
  })

  test('days follow each other without a gap, whatever the zone and the year', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'UTC',
    )
    const instant = fc.integer({ min: at('2024-01-01'), max: at('2031-01-01') })
    fc.assert(
      fc.property(instant, zones, fc.integer({ min: 0, max: 1439 }), (now, timeZone, resetsAtMinute) => {
        const rule = { resetsAtMinute, timeZone }
        const day = dayAt(now, rule)
        expect(day.startsAt).toBeLessThanOrEqual(now)
        expect(day.endsAt).toBeGreaterThan(now)
        expect(day.endsAt - day.startsAt).toBeLessThanOrEqual(25 * 3_600_000)
        expect(day.endsAt - day.startsAt).toBeGreaterThanOrEqual(23 * 3_600_000)
        expect(dayAt(day.startsAt, rule)).toEqual(day)
        expect(dayAt(day.endsAt, rule).startsAt).toBe(day.endsAt)
      }),
      { numRuns: 300 },
    )
  })
})

describe('what was used of a day', () => {
  const noon = at('2026-11-27T12:00:00Z')

  test('is new after the reset only', () => {
    const count = new DayCount()
    count.add(noon, berlin, 1, 100)
    count.add(noon + 3_600_000, berlin, 1, 50)
    expect(count.at(at('2026-11-27T22:59:59Z'), berlin)).toMatchObject({ requests: 2, tokens: 150 })
    expect(count.at(at('2026-11-27T23:00:00Z'), berlin)).toMatchObject({ requests: 0, tokens: 0 })
  })

  test('is not new when the clock is set back into the day before', () => {
    const count = new DayCount()
    count.add(noon, berlin, 5, 0)
    expect(count.at(at('2026-11-26T20:00:00Z'), berlin).requests).toBe(5)
    expect(count.at(noon, berlin).requests).toBe(5)
  })

  test('is given up when its day was begun by a clock that ran a year ahead', () => {
    const count = new DayCount()
    count.add(at('2027-11-27T12:00:00Z'), berlin, 5, 0)
    expect(count.at(noon, berlin).requests).toBe(0)
  })

  test('stays when the config moves the reset, and ends at the new one', () => {
    const count = new DayCount()
    count.add(noon, berlin, 5, 0)
    const moved = { resetsAtMinute: 18 * 60, timeZone: 'Europe/Berlin' }
    expect(count.at(noon, moved)).toMatchObject({ requests: 5, endsAt: at('2026-11-27T17:00:00Z') })
    expect(count.at(at('2026-11-27T17:00:00Z'), moved).requests).toBe(0)
  })

  test('goes on after a restart within the day', () => {
    const before = new DayCount()
    before.add(noon, berlin, 7, 700)
    const after = new DayCount(before.use)
    expect(after.at(noon + 60_000, berlin)).toMatchObject({ requests: 7, tokens: 700 })
  })
})
