import { describe, expect, it } from 'vitest'
import { formatDuration, formatRunning } from '../../../../renderer/format/duration.ts'
import { formatClock, formatRelative } from '../../../../renderer/format/time.ts'

const plain = (text: string) => text.replaceAll('\u202f', '_')
const now = new Date(2026, 10, 20, 14, 20, 5).getTime()
const ago = (seconds: number) => plain(formatRelative(now - seconds * 1_000, now, 'en-US'))

describe('formatDuration', () => {
  it.each([
    [4, '4_ms'],
    [99.4, '99_ms'],
    [99.6, '0.1_s'],
    [940, '0.9_s'],
    [38_500, '38.5_s'],
    [59_949, '59.9_s'],
    [59_951, '1_min 0_s'],
    [130_000, '2_min 10_s'],
    [3_900_000, '1_h 5_min'],
    [-3, '0_ms'],
  ])('writes %d ms as %s', (milliseconds, text) => expect(plain(formatDuration(milliseconds))).toBe(text))
})

describe('formatRunning', () => {
  it.each([
    [0, '0.0_s'],
    [9_990, '9.9_s'],
    [10_000, '10_s'],
    [61_000, '1_min 1_s'],
    [-50, '0.0_s'],
  ])('writes %d ms so far as %s', (milliseconds, text) => expect(plain(formatRunning(milliseconds))).toBe(text))
})

describe('formatRelative', () => {
  it.each([
    [3, 'now'],
    [40, '40_s ago'],
    [62 * 60, '62_min ago'],
    [119 * 60, '119_min ago'],
  ])('is relative for two hours: %i s', (seconds, text) => expect(ago(seconds)).toBe(text))

  it('then gives the time of today, then the day', () => {
    expect(ago(3 * 3_600)).toBe('11:20')
    expect(ago(48 * 3_600)).toBe('18 Nov')
  })

  it('stays relative across midnight', () => {
    const early = new Date(2026, 10, 20, 0, 30).getTime()
    expect(plain(formatRelative(early - 3_600_000, early, 'en-US'))).toBe('60_min ago')
  })

  it('calls a time that the other clock puts ahead now', () => expect(ago(-5)).toBe('now'))
})

describe('formatClock', () => {
  it('counts 24 hours from 00 in every locale', () => {
    expect(formatClock(new Date(2026, 10, 20, 0, 5, 9).getTime(), 'en-US')).toBe('00:05:09')
    expect(formatClock(now, 'de')).toBe('14:20:05')
  })
})
