import type { Clock } from '../../main/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time forward and runs what falls due, in order. */
  advance(ms: number): void
  /** How many timers wait: zero after everything was stopped. */
  pending(): number
}

/** Time that moves only when a test says so. */
export function createManualClock(start = 1_000_000): ManualClock {
  let now = start
  let timers: { at: number; action: () => void }[] = []
  return {
    now: () => now,
    after(ms, action) {
      const timer = { at: now + ms, action }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0]
        if (due === undefined) break
        timers = timers.filter((other) => other !== due)
        now = due.at
        due.action()
      }
      now = end
    },
    pending: () => timers.length,
  }
}
