import { createContext, use, useCallback, useSyncExternalStore } from 'react'
import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { LiveState } from './live-state.ts'
import type { LiveStore } from './live-store.ts'
import { quantiseElapsed, type Ticker } from './ticker.ts'

export interface Surroundings {
  readonly client: ControlClient
  readonly store: LiveStore
  readonly ticker: Ticker
  readonly now: () => number
}

const SurroundingsContext = createContext<Surroundings | undefined>(undefined)

export const SurroundingsProvider = SurroundingsContext.Provider

/** What the page was built with. Throws outside of its provider. */
export function useSurroundings(): Surroundings {
  const surroundings = use(SurroundingsContext)
  if (surroundings === undefined) throw new Error('SurroundingsProvider is missing above this component')
  return surroundings
}

/** The live state; draws anew at each batch of events. */
export function useLive(): LiveState {
  const { store } = useSurroundings()
  return useSyncExternalStore(store.subscribe, store.getState)
}

/**
 * ms since `startedAt` while `running`, in the steps the figure is shown in; 0 otherwise. While the gateway is away the
 * figure stands where it was last heard: nobody knows whether the request still runs.
 */
export function useElapsed(startedAt: number, running: boolean): number {
  const { ticker, now } = useSurroundings()
  const { connection, lastHeardAt } = useLive()
  const ticks = running && connection === 'live'
  const subscribe = useCallback(
    (listener: () => void) => (ticks ? ticker.subscribe(listener) : () => {}),
    [ticker, ticks],
  )
  return useSyncExternalStore(subscribe, () => {
    if (!running) return 0
    return quantiseElapsed((ticks ? now() : (lastHeardAt ?? now())) - startedAt)
  })
}
