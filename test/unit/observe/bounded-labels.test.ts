import { describe, expect, it } from 'vitest'
import { BoundedLabels } from '../../../gateway/observe/bounded-labels.ts'

describe('labels of metrics', () => {
  it('keep the first values and count the rest as other', () => {
    const labels = new BoundedLabels({ model: 2, tier: 5 }, 100)
    expect(labels.of({ model: 'a', tier: 'x' })).toEqual({ model: 'a', tier: 'x' })
    expect(labels.of({ model: 'b', tier: 'x' })).toEqual({ model: 'b', tier: 'x' })
    expect(labels.of({ model: 'c', tier: 'x' })).toEqual({ model: 'other', tier: 'x' })
    expect(labels.of({ model: 'a', tier: 'x' })).toEqual({ model: 'a', tier: 'x' })
  })

  it('have a bound on their combinations', () => {
    const labels = new BoundedLabels({ left: 100, right: 100 }, 50)
    const sets = new Set<string>()
    for (let left = 0; left < 40; left += 1) {
      for (let right = 0; right < 40; right += 1) {
        sets.add(JSON.stringify(labels.of({ left: String(left), right: String(right) })))
      }
    }
    expect(sets.size).toBe(51)
    expect(sets).toContain('{"left":"other","right":"other"}')
  })

  it('are the same object for the same labels, those without room too', () => {
    const labels = new BoundedLabels({ model: 2 }, 1)
    expect(labels.of({ model: 'a' })).toBe(labels.of({ model: 'a' }))
    expect(labels.of({ model: 'b' })).toEqual({ model: 'other' })
    expect(labels.of({ model: 'b' })).toBe(labels.of({ model: 'c' }))
  })
})
