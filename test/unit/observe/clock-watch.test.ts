import { expect, test } from 'vitest'
import { createClockWatch } from '../../../gateway/observe/clock-watch.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-20T10:00:00Z')

function open() {
  const time = { now: start, monotonic: 5 }
  const told: string[] = []
  const watch = createClockWatch({
    now: () => time.now,
    monotonic: () => time.monotonic,
    onStepBack: (notice) => told.push(notice),
  })
  const pass = (ms: number, jump = 0) => {
    time.now += ms + jump
    time.monotonic += ms
    return watch.notices()
  }
  return { pass, told }
}

test('a clock that is set back is told once, and shown until it is where it was', () => {
  const { pass, told } = open()
  expect(pass(1000)).toEqual([])
  expect(pass(1000, -hour)[0]).toContain(
    'set back by 60 min, from 2026-11-20 10:00:02 to 2026-11-20 09:00:02. Requests of that time overlap',
  )
  expect(pass(hour - 1)).toHaveLength(1)
  expect(pass(1)).toEqual([])
  expect(told).toHaveLength(1)
})

test('neither sleep nor small steps are told', () => {
  const { pass } = open()
  expect(pass(1000, 8 * hour)).toEqual([])
  expect(pass(1000, -59_000)).toEqual([])
})
