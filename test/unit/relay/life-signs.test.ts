import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LifeSigns } from '../../../gateway/relay/life-signs.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('life signs', () => {
  it('begin after thirty seconds without a head, and follow each silent interval', () => {
    const reply = { headSent: false }
    const sent: number[] = []
    const signs = new LifeSigns(reply, () => {
      reply.headSent = true
      sent.push(vi.getMockedSystemTime()?.getTime() ?? 0)
    })
    const began = Date.now()
    vi.advanceTimersByTime(29_999)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(30_001)
    expect(sent.map((at) => at - began)).toEqual([30_000, 45_000, 60_000])
    signs.stop()
    vi.advanceTimersByTime(60_000)
    expect(sent).toHaveLength(3)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('keep still while the upstream speaks', () => {
    let sent = 0
    const signs = new LifeSigns({ headSent: true }, () => {
      sent += 1
    })
    for (let second = 0; second < 120; second += 5) {
      signs.wrote()
      vi.advanceTimersByTime(5_000)
    }
    expect(sent).toBe(0)
    vi.advanceTimersByTime(30_000)
    expect(sent).toBeGreaterThan(0)
    signs.stop()
  })
})
