import { expect, test } from 'vitest'
import type { DayUse } from '../../../../gateway/relay/deployments/day-count.ts'
import { createDayUseWriter } from '../../../../gateway/relay/deployments/day-use-writer.ts'
import { createManualClock } from '../../../doubles/manual-clock.ts'

function writerOf(save: (uses: ReadonlyMap<string, DayUse>) => Promise<void> = () => Promise.resolve()) {
  const clock = createManualClock()
  const saved: (readonly [string, DayUse])[][] = []
  const failures: unknown[] = []
  let requests = 0
  const writer = createDayUseWriter({
    save: (uses) => {
      saved.push([...uses])
      return save(uses)
    },
    useOf: () => ({ startsAt: 0, endsAt: 1, requests, tokens: 0 }),
    after: (ms, action) => clock.after(ms, action),
    onFailure: (failure) => failures.push(failure),
  })
  return { clock, writer, saved, failures, count: () => (requests += 1) }
}

test('many changes are one write, with the latest count', () => {
  const { clock, count, saved, writer } = writerOf()
  for (let request = 0; request < 100; request += 1) {
    count()
    writer.note('a')
  }
  clock.advance(500)
  expect(saved).toEqual([[['a', { startsAt: 0, endsAt: 1, requests: 100, tokens: 0 }]]])
  clock.advance(10_000)
  expect(saved).toHaveLength(1)
})

test('a stop writes what is due', async () => {
  const { clock, saved, writer } = writerOf()
  writer.note('a')
  await writer.flush()
  expect(saved).toHaveLength(1)
  expect(clock.pending()).toBe(0)
})

test('a failure is told and does not end the writing', async () => {
  const { clock, failures, saved, writer } = writerOf(() => Promise.reject(new Error('disk full')))
  writer.note('a')
  await writer.flush()
  expect(failures).toHaveLength(1)
  writer.note('a')
  clock.advance(500)
  expect(saved).toHaveLength(2)
})
