import { describe, expect, it } from 'vitest'
import { requestsPerSecond } from '../../../../renderer/state/request-rate.ts'
import { finished, scriptedNow } from '../../../ui/scripted-data.ts'

/** Newest first, `every` ms apart. */
const every = (gapMs: number, count: number) =>
  Array.from({ length: count }, (_, index) => finished(`${index}`, 0, { startedAt: scriptedNow - index * gapMs }))

describe('requestsPerSecond', () => {
  it.each([
    [25, 200, 40],
    [100, 200, 10],
    [1, 200, 1_000],
    [2_000, 5, 1],
    [0, 1, 1],
    [0, 0, 0],
  ])('%i ms apart, %i of them: %i a second', (gap, count, rate) => {
    expect(requestsPerSecond(every(gap, count), scriptedNow)).toBe(rate)
  })

  it('is over once nothing new begins', () => {
    expect(requestsPerSecond(every(10, 200), scriptedNow + 2_001)).toBe(0)
  })
})
