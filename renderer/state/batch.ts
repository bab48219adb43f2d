export interface BatcherDependencies<Item> {
  /** Least time between two deliveries, ms. */
  readonly intervalMs: number
  readonly now: () => number
  /** Starts a timer and gives the function that clears it. */
  readonly after: (delayMs: number, callback: () => void) => () => void
  readonly deliver: (items: readonly Item[]) => void
}

/** Gathers items and delivers them together, at most once per interval; the first after a pause goes out at once. */
export function createBatcher<Item>(dependencies: BatcherDependencies<Item>) {
  let waiting: Item[] = []
  let lastDelivery = Number.NEGATIVE_INFINITY
  let clearTimer: (() => void) | undefined

  const flush = () => {
    clearTimer?.()
    clearTimer = undefined
    if (waiting.length === 0) return
    const items = waiting
    waiting = []
    lastDelivery = dependencies.now()
    dependencies.deliver(items)
  }
  return {
    push(item: Item) {
      waiting.push(item)
      if (clearTimer !== undefined) return
      const delay = Math.max(0, lastDelivery + dependencies.intervalMs - dependencies.now())
      clearTimer = dependencies.after(delay, flush)
    },
    flush,
    /** Drops what waits and clears the timer. */
    stop() {
      clearTimer?.()
      clearTimer = undefined
      waiting = []
    },
  }
}
