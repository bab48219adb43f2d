export interface TickerDependencies {
  readonly intervalMs: number
  readonly setInterval: (callback: () => void, intervalMs: number) => number
  readonly clearInterval: (timer: number) => void
  readonly isHidden: () => boolean
  /** Calls back whenever the page is hidden or shown; gives the function that unsubscribes. */
  readonly onVisibility: (callback: () => void) => () => void
}

export type Ticker = ReturnType<typeof createTicker>

/** One timer for everything on the page that counts. It runs only while somebody listens and the page is visible. */
export function createTicker(dependencies: TickerDependencies) {
  const listeners = new Set<() => void>()
  let timer: number | undefined
  let forgetVisibility: (() => void) | undefined

  const announce = () => {
    for (const listener of listeners) listener()
  }
  const adjust = () => {
    const wanted = listeners.size > 0 && !dependencies.isHidden()
    if (wanted && timer === undefined) timer = dependencies.setInterval(announce, dependencies.intervalMs)
    if (!wanted && timer !== undefined) {
      dependencies.clearInterval(timer)
      timer = undefined
    }
  }
  return {
    /** Adds a listener and gives the function that removes it. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      forgetVisibility ??= dependencies.onVisibility(() => {
        adjust()
        if (!dependencies.isHidden()) announce()
      })
      adjust()
      return () => {
        listeners.delete(listener)
        adjust()
        if (listeners.size > 0) return
        forgetVisibility?.()
        forgetVisibility = undefined
      }
    },
  }
}

/** Elapsed ms as the running figure shows it: steps of 100 ms below ten seconds, of a second after. */
export function quantiseElapsed(elapsedMs: number): number {
  const step = elapsedMs < 10_000 ? 100 : 1_000
  return Math.max(0, Math.floor(elapsedMs / step) * step)
}
