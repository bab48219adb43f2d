import fc from 'fast-check'
import { expect, it } from 'vitest'
import { alignedWait, nextLookIn, nextProbeIn } from '../../../gateway/backends/watch/cadence.ts'

const times = fc.double({ min: 0, max: 1e9, noNaN: true })
const waits = fc.double({ min: 1, max: 120_000, noNaN: true })

it('an aligned wait ends no later than asked, and not a whole grid before', () => {
  fc.assert(
    fc.property(times, waits, (now, wait) => {
      const aligned = alignedWait(now, wait)
      expect(aligned).toBeGreaterThanOrEqual(0)
      // A timer that fires early by up to 20 ms belongs to the second it was planned for.
      expect(aligned).toBeLessThanOrEqual(wait + 20)
      expect(aligned).toBeGreaterThan(wait - (wait < 5_000 ? 500 : 5_000))
    }),
  )
})

it('waits that begin together end together', () => {
  fc.assert(
    fc.property(times, fc.integer({ min: 5_000, max: 60_000 }), (now, wait) => {
      expect((now + alignedWait(now, wait)) % 5_000).toBeCloseTo(0, 3)
    }),
  )
})

const facts = {
  state: 'up',
  isLoopback: true,
  unchanged: 0,
  dear: false,
  silent: false,
  failures: 0,
  expected: true,
  isToldOf: true,
} as const

it('a server that nothing changes at is asked less and less, but for one that comes and goes untold', () => {
  const waitsOf = (isToldOf: boolean) =>
    [0, 1, 5, 50].map((unchanged) => Math.round(nextProbeIn({ ...facts, isToldOf, unchanged }) ?? 0))
  expect(waitsOf(true)).toEqual([5_000, 7_500, 37_969, 60_000])
  expect(waitsOf(false)).toEqual([5_000, 7_500, 30_000, 30_000])
})

it('one that is down is asked often enough for 2 s, unless the socket table tells of it', () => {
  expect(nextProbeIn({ ...facts, state: 'down' })).toBeUndefined()
  for (const failures of [1, 10, 10_000]) {
    expect(nextProbeIn({ ...facts, state: 'down', isLoopback: false, failures })).toBeLessThan(2_000)
  }
  expect(nextLookIn(true, true)).toBeLessThan(2_000)
  expect(nextLookIn(true, false)).toBeLessThan(10_000)
})

it('one that listens but takes no connection is asked until it does: the socket table would tell of nothing', () => {
  const silent = { ...facts, state: 'down', silent: true } as const
  for (const failures of [1, 10, 10_000]) expect(nextProbeIn({ ...silent, failures })).toBeLessThanOrEqual(10_000)
})
