import { describe, expect, it } from 'vitest'
import { createBatcher } from '../../../../renderer/state/batch.ts'
import { createTicker, quantiseElapsed } from '../../../../renderer/state/ticker.ts'

/** A clock that moves when told and runs what falls due. */
function createClock() {
  let time = 0
  let due: { at: number; callback: () => void }[] = []
  return {
    now: () => time,
    pending: () => due.length,
    after: (delayMs: number, callback: () => void) => {
      const timer = { at: time + delayMs, callback }
      due.push(timer)
      return () => {
        due = due.filter((other) => other !== timer)
      }
    },
    advance(milliseconds: number) {
      time += milliseconds
      const ready = due.filter((timer) => timer.at <= time)
      due = due.filter((timer) => timer.at > time)
      for (const timer of ready) timer.callback()
    },
  }
}

describe('createBatcher', () => {
  const start = () => {
    const clock = createClock()
    const delivered: (readonly number[])[] = []
    const batcher = createBatcher<number>({ ...clock, intervalMs: 100, deliver: (items) => delivered.push(items) })
    return { clock, delivered, batcher }
  }

  it('delivers the first at once and the rest together after the interval', () => {
    const { clock, delivered, batcher } = start()
    batcher.push(1)
    clock.advance(0)
    batcher.push(2)
    batcher.push(3)
    clock.advance(99)
    expect(delivered).toEqual([[1]])
    clock.advance(1)
    expect(delivered).toEqual([[1], [2, 3]])
  })

  it('leaves no timer and delivers nothing after stop', () => {
    const { clock, delivered, batcher } = start()
    batcher.push(1)
    batcher.stop()
    clock.advance(500)
    expect(delivered).toEqual([])
    expect(clock.pending()).toBe(0)
  })
})

describe('createTicker', () => {
  const start = () => {
    const timers = new Map<number, () => void>()
    let hidden = false
    let visibility: (() => void) | undefined
    const ticker = createTicker({
      intervalMs: 100,
      setInterval: (callback) => {
        timers.set(timers.size + 1, callback)
        return timers.size
      },
      clearInterval: (timer) => timers.delete(timer),
      isHidden: () => hidden,
      onVisibility: (callback) => {
        visibility = callback
        return () => {
          visibility = undefined
        }
      },
    })
    const setHidden = (next: boolean) => {
      hidden = next
      visibility?.()
    }
    return { ticker, timers, setHidden, watched: () => visibility !== undefined }
  }

  it('shares one timer and ends it with the last listener', () => {
    const { ticker, timers, watched } = start()
    const first = ticker.subscribe(() => {})
    const second = ticker.subscribe(() => {})
    expect(timers.size).toBe(1)
    first()
    expect(timers.size).toBe(1)
    second()
    expect(timers.size).toBe(0)
    expect(watched()).toBe(false)
  })

  it('rests while the page is hidden and catches up at once when it is shown', () => {
    const { ticker, timers, setHidden } = start()
    let ticks = 0
    ticker.subscribe(() => {
      ticks += 1
    })
    setHidden(true)
    expect(timers.size).toBe(0)
    setHidden(false)
    expect(timers.size).toBe(1)
    expect(ticks).toBe(1)
  })
})

describe('quantiseElapsed', () => {
  it('moves by tenths below ten seconds and by seconds after', () => {
    expect(quantiseElapsed(9_987)).toBe(9_900)
    expect(quantiseElapsed(10_999)).toBe(10_000)
    expect(quantiseElapsed(-1)).toBe(0)
  })
})
