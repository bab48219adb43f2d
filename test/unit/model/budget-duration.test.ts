import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextReset, parseBudgetDuration } from '../../../gateway/model/budget-duration.ts'
import { dayIn, isTimeZone, startOfDay, zoneOffset } from '../../../gateway/model/zoned-time.ts'

const at = (text: string): number => Date.parse(text)
const iso = (moment: number): string => new Date(moment).toISOString()
const reset = (duration: string, from: string, zone = 'UTC'): string => {
  const parsed = parseBudgetDuration(duration)
  if (parsed === undefined) throw new Error(`not a duration: ${duration}`)
  return iso(nextReset(parsed, at(from), zone))
}

describe('a budget duration', () => {
  // 2026-11-27 is a Friday.
  it.each([
    ['30s', '2026-11-27T12:00:10Z', '2026-11-27T12:00:30.000Z'],
    ['15m', '2026-11-27T12:20:10Z', '2026-11-27T12:30:00.000Z'],
    ['hourly', '2026-11-27T12:20:10Z', '2026-11-27T13:00:00.000Z'],
    ['1h', '2026-11-27T12:00:00Z', '2026-11-27T13:00:00.000Z'],
    ['12h', '2026-11-27T11:00:00Z', '2026-11-27T12:00:00.000Z'],
    ['24h', '2026-11-27T11:00:00Z', '2026-11-28T00:00:00.000Z'],
    ['daily', '2026-11-27T11:00:00Z', '2026-11-28T00:00:00.000Z'],
    ['7d', '2026-11-27T11:00:00Z', '2026-11-30T00:00:00.000Z'],
    ['weekly', '2026-11-30T00:00:00Z', '2026-12-07T00:00:00.000Z'],
    ['2w', '2026-11-27T11:00:00Z', '2026-12-11T00:00:00.000Z'],
    ['10d', '2026-11-27T11:00:00Z', '2026-12-07T00:00:00.000Z'],
    ['30d', '2026-11-27T11:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['1mo', '2026-11-27T11:00:00Z', '2026-12-01T00:00:00.000Z'],
    ['monthly', '2026-12-31T23:59:59Z', '2027-01-01T00:00:00.000Z'],
    ['3mo', '2026-11-27T11:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['yearly', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
  ])('%s from %s ends at %s', (duration, from, expected) => expect(reset(duration, from)).toBe(expected))

  it.each([
    ['daily', '2026-11-27T23:30:00Z', 'Europe/Berlin', '2026-11-28T23:00:00.000Z'],
    ['monthly', '2026-11-30T23:30:00Z', 'Europe/Berlin', '2026-12-31T23:00:00.000Z'],
    // The night in which Berlin's clocks go back lasts an hour longer.
    ['daily', '2026-10-25T10:00:00Z', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['daily', '2026-10-24T23:00:00Z', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['hourly', '2026-11-27T12:20:00Z', 'Asia/Kolkata', '2026-11-27T12:30:00.000Z'],
    ['daily', '2026-11-27T12:20:00Z', 'Pacific/Auckland', '2026-11-28T11:00:00.000Z'],
  ])('%s from %s in %s ends at %s', (duration, from, zone, expected) =>
    expect(reset(duration, from, zone)).toBe(expected),
  )

  it.each(['', '0d', '-1d', '1.5h', '5', 'd', 'fortnightly', '1y', '99999mo', '9999999999s', 'month'])(
    'is not %j',
    (text) => expect(parseBudgetDuration(text)).toBeUndefined(),
  )

  it('always ends later than it began', () => {
    const durations = fc.constantFrom('30s', '15m', '7h', '12h', '1d', '7d', '13d', '30d', '2w', '1mo', '5mo', 'yearly')
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Africa/Cairo')
    const moments = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') })
    fc.assert(
      fc.property(durations, zones, moments, (text, zone, from) => {
        const duration = parseBudgetDuration(text)
        if (duration === undefined) throw new Error('a known duration')
        expect(nextReset(duration, from, zone)).toBeGreaterThan(from)
      }),
    )
  })
})

describe('the calendar of a zone', () => {
  it('knows its days by their own midnight', () => {
    const moments = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') })
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Africa/Cairo')
    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const day = dayIn(zone, moment)
        const start = startOfDay(day, zone)
        expect(start).toBeLessThanOrEqual(moment)
        expect(dayIn(zone, start)).toEqual(day)
        expect(dayIn(zone, start - 1)).not.toEqual(day)
      }),
    )
  })

  it('begins a day whose midnight is skipped at the moment the clocks skip to', () => {
    // Cairo: on 2026-04-24 midnight became 01:00.
    expect(iso(startOfDay({ year: 2026, month: 4, day: 24 }, 'Africa/Cairo'))).toBe('2026-04-23T22:00:00.000Z')
    expect(zoneOffset(at('2026-04-23T22:00:00Z'), 'Africa/Cairo')).toBe(3 * 3_600_000)
  })

  it('is only that of a known zone', () => {
    expect([isTimeZone('Europe/Berlin'), isTimeZone('UTC'), isTimeZone('Middle/Earth')]).toEqual([true, true, false])
  })
})
