import fc from 'fast-check'
import { expect, it } from 'vitest'
import { darkLight, stepLight, type WorkingLight } from '../../../../main/tray/working-light.ts'
import { requestView } from './views.ts'

const running = (startedAt: number) => [requestView({ phase: 'running', startedAt })]
const isLit = (light: WorkingLight) => light.litSince !== undefined

it('stays dark for a request under 400 ms', () => {
  const begun = stepLight(darkLight, running(10_000), 10_000)
  expect([isLit(begun.light), begun.dueAt]).toEqual([false, 10_400])
  expect(stepLight(begun.light, [], 10_399)).toEqual({ light: darkLight, dueAt: undefined })
})

it('is lit after 400 ms, and then for at least 600 ms', () => {
  const lit = stepLight(darkLight, running(10_000), 10_400)
  expect([isLit(lit.light), lit.dueAt]).toEqual([true, undefined])
  const ended = stepLight(lit.light, [], 10_450)
  expect([isLit(ended.light), ended.dueAt]).toEqual([true, 11_000])
  expect(isLit(stepLight(ended.light, [], 10_999).light)).toBe(true)
  expect(stepLight(ended.light, [], 11_000)).toEqual({ light: darkLight, dueAt: undefined })
})

it('goes on while the next request follows', () => {
  const lit = stepLight(darkLight, running(0), 400).light
  const ended = stepLight(lit, [], 500).light
  expect(isLit(stepLight(ended, running(600), 5_000).light)).toBe(true)
})

it('never flickers: whatever requests come, it is lit for 600 ms or not at all', () => {
  const step = fc.record({ after: fc.integer({ min: 0, max: 900 }), isRunning: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let light = darkLight
      let now = 0
      let startedAt = 0
      let litAt: number | undefined
      for (const { after, isRunning } of steps) {
        now += after
        if (light.oldestRunning === undefined) startedAt = now
        const before = isLit(light)
        light = stepLight(light, isRunning ? running(startedAt) : [], now).light
        if (!before && isLit(light)) {
          litAt = now
          expect(now - startedAt).toBeGreaterThanOrEqual(400)
        }
        if (before && !isLit(light)) expect(now - (litAt ?? now)).toBeGreaterThanOrEqual(600)
      }
    }),
  )
})
