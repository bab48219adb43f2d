import type { GatewayEvent } from '../../gateway/contract/events.ts'
import type { Clock } from '../clock.ts'
import type { GatewaySupervisor } from '../gateway/gateway-supervisor.ts'
import type { SupervisorState } from '../gateway/supervisor-state.ts'
import type { createEventFeed } from './event-feed.ts'
import { applyGatewayEvent, initialTrayState, type TrayState } from './tray-state.ts'
import { createWorkingLight } from './working-light.ts'

type EventFeed = ReturnType<typeof createEventFeed>

export interface TrayStatusOptions {
  readonly supervisor: Pick<GatewaySupervisor, 'state' | 'subscribe'>
  readonly createFeed: (onEvent: (event: GatewayEvent) => void) => EventFeed
  readonly clock: Clock
  readonly onChange: (state: TrayState) => void
}

/** Holds the state of the tray: the supervisor's phase, and what the running gateway tells in its events. */
export function createTrayStatus({ supervisor, createFeed, clock, onChange }: TrayStatusOptions) {
  let state: TrayState = initialTrayState
  let unsubscribe: (() => void) | undefined

  const set = (change: Partial<TrayState>) => {
    state = { ...state, ...change }
    onChange(state)
  }
  const light = createWorkingLight({ clock, onChange: (working) => set({ working }) })
  const feed = createFeed((event) => {
    const snapshot = applyGatewayEvent(state.snapshot, event)
    set({ snapshot })
    light.update(snapshot?.requests ?? [])
  })

  const followSupervisor = (gateway: SupervisorState) => {
    if (gateway.phase === 'running') {
      set({ gateway })
      feed.follow(gateway)
      return
    }
    feed.stop()
    light.stop()
    set({ gateway, snapshot: undefined })
  }

  return {
    start(): void {
      unsubscribe = supervisor.subscribe(followSupervisor)
      followSupervisor(supervisor.state())
    },
    /** After a sleep: the old connection may look alive for a long time. */
    reconnect(): void {
      if (state.gateway.phase === 'running') feed.follow(state.gateway)
    },
    stop(): void {
      unsubscribe?.()
      feed.stop()
      light.stop()
    },
  }
}
