import type { GatewayEvent } from '../../gateway/contract/events.ts'
import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { RouterView } from '../contract.ts'
import { createBatcher } from './batch.ts'
import { createEventStream } from './event-stream.ts'
import { applyEvents, initialLiveState, type LiveState, replaceRouter } from './live-state.ts'

const batchMs = 100

export interface LiveStoreDependencies {
  readonly client: Pick<ControlClient, 'events'>
  readonly now: () => number
  readonly after: (delayMs: number, callback: () => void) => () => void
  readonly random: () => number
}

export type LiveStore = ReturnType<typeof createLiveStore>

/** What the page knows of the gateway, fed by its events in batches. Read it with useSyncExternalStore. */
export function createLiveStore({ client, now, after, random }: LiveStoreDependencies) {
  let state: LiveState = initialLiveState
  let heardAt: number | null = null
  const listeners = new Set<() => void>()
  const change = (next: LiveState) => {
    if (next === state) return
    state = next
    for (const listener of listeners) listener()
  }
  const batcher = createBatcher<GatewayEvent>({
    intervalMs: batchMs,
    now,
    after,
    deliver: (events) => change(applyEvents(state, events, now())),
  })
  const stream = createEventStream({
    open: (signal) => client.events(signal),
    onEvent: (event) => batcher.push(event),
    onHeard: () => {
      heardAt = now()
    },
    onEnd: (end) => {
      batcher.flush()
      const seen = state.status !== null
      const connection = end === 'refused' ? 'refused' : seen ? 'away' : 'connecting'
      change({ ...state, connection, lastHeardAt: heardAt })
    },
    after,
    random,
  })
  return {
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    /** Puts the gateway's answer to a switch change in place without waiting for its event. */
    putRouter: (router: RouterView) => change(replaceRouter(state, router)),
    start: () => stream.start(),
    retryNow: () => stream.retryNow(),
    stop: () => {
      stream.stop()
      batcher.stop()
    },
  }
}
