import { describe, expect, it } from 'vitest'
import { createRateLimits } from '../../../gateway/access/limits/rate-limits.ts'
import { plainKeySettings } from '../../../gateway/model/key-settings.ts'

describe('requests at a time, as the config limits them', () => {
  const parallel = { gateway: 3, eachKey: 1 }
  const open = () => {
    const rates = createRateLimits()
    return (keyId: string, maxParallel: number | null = null) =>
      rates.take(keyId, { ...plainKeySettings, maxParallel }, ['m'], 10, 0, parallel)
  }

  it('hold for a key that has no limit of its own', () => {
    const take = open()
    expect(take('a')).toHaveProperty('release')
    expect(take('a')).toMatchObject({ refused: 'max_parallel_requests', owner: 'this key', current: 1, limit: 1 })
    expect(take('b', 2)).toHaveProperty('release')
    expect(take('b', 2)).toHaveProperty('release')
  })

  it('hold for everybody together until one ends', () => {
    const take = open()
    const first = take('a')
    take('b')
    take('c')
    expect(take('d')).toMatchObject({ refused: 'max_parallel_requests', owner: 'this gateway', current: 3, limit: 3 })
    if ('release' in first) first.release(10, 0)
    expect(take('d')).toHaveProperty('release')
  })
})
