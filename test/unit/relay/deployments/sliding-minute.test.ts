import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SlidingMinute } from '../../../../gateway/relay/deployments/sliding-minute.ts'

const start = 1_800_000_000_000

test('what was used counts for a minute', () => {
  const minute = new SlidingMinute()
  minute.add(start, 3)
  minute.add(start + 30_000, 4)
  expect(minute.total(start + 59_000)).toBe(7)
  expect(minute.total(start + 61_000)).toBe(4)
  expect(minute.total(start + 91_000)).toBe(0)
})

test('tells when there is room again', () => {
  const minute = new SlidingMinute()
  for (let at = 0; at < 30; at += 1) minute.add(start + at * 1000, 1)
  expect(minute.freeAt(start + 29_000, 30, 1)).toBe(start + 61_000)
  expect(minute.freeAt(start + 29_000, 30, 5)).toBe(start + 65_000)
  expect(minute.freeAt(start + 29_000, 31, 1)).toBe(start + 29_000)
})

test('one that alone exceeds the limit fits once all else is gone', () => {
  const minute = new SlidingMinute()
  expect(minute.freeAt(start, 100, 5_000)).toBe(start)
  minute.add(start, 1)
  expect(minute.freeAt(start, 100, 5_000)).toBe(start + 61_000)
})

test('a correction is gone together with what it corrects', () => {
  const minute = new SlidingMinute()
  minute.add(start, 1_000)
  minute.correct(start, start + 40_000, -900)
  expect(minute.total(start + 40_000)).toBe(100)
  expect(minute.total(start + 61_000)).toBe(0)
  minute.correct(start, start + 70_000, -900)
  expect(minute.total(start + 70_000)).toBe(0)
  minute.correct(start, start + 70_000, 50)
  expect(minute.total(start + 70_000)).toBe(50)
})

test('a clock that was set moves what was counted with it', () => {
  const minute = new SlidingMinute()
  minute.add(start, 5)
  minute.add(start + 10_000, 5)
  minute.shift(-3_600_000)
  expect(minute.total(start - 3_600_000 + 10_000)).toBe(10)
  expect(minute.total(start - 3_600_000 + 61_000)).toBe(5)
})

test('never lets more than the limit into any minute', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 7_000 }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (gaps, limit) => {
        const minute = new SlidingMinute()
        const admitted: number[] = []
        let now = start
        for (const gap of gaps) {
          now += gap
          if (minute.freeAt(now, limit, 1) > now) continue
          minute.add(now, 1)
          admitted.push(now)
        }
        for (const [place, at] of admitted.entries()) {
          const earlier = admitted[place - limit]
          if (earlier !== undefined) expect(at - earlier).toBeGreaterThanOrEqual(60_000)
        }
      },
    ),
  )
})
