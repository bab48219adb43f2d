/** Time and timers, passed in so that tests own them. Durations in ms, `now` in ms since the epoch. */
export interface Clock {
  now(): number
  /** Calls `action` once after `ms`; the result cancels it and may be called at any time. */
  after(ms: number, action: () => void): () => void
}

/** The machine's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
