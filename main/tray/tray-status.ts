import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { GatewayEvent } from '../../gateway/contract/events.ts'
import type { Clock } from '../clock.ts'
import type { GatewaySupervisor } from '../gateway/gateway-supervisor.ts'
import type { SupervisorState } from '../gateway/supervisor-state.ts'
import type { Logger } from '../logger.ts'
import type { createEventFeed } from './event-feed.ts'
import { createLimitWatch, type TrayQuestion } from './limit-watch.ts'
import { applyGatewayEvent, type GatewaySnapshot, initialTrayState, type TrayState } from './tray-state.ts'
import { darkLight, stepLight } from './working-light.ts'

type EventFeed = ReturnType<typeof createEventFeed>

export interface TrayStatusOptions {
  readonly supervisor: Pick<GatewaySupervisor, 'state' | 'subscribe'>
  readonly createFeed: (onEvent: (event: GatewayEvent) => void) => EventFeed
  /** Of the running gateway; undefined while none runs. */
  readonly control: () => Pick<ControlClient, TrayQuestion> | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly onChange: (state: TrayState) => void
}

/** Holds the state of the tray: the supervisor's phase, what the running gateway tells in its events, and what is asked beside them. */
export function createTrayStatus({ supervisor, createFeed, control, clock, logger, onChange }: TrayStatusOptions) {
  let state: TrayState = initialTrayState
  let light = darkLight
  let cancelLight: (() => void) | undefined
  let unsubscribe: (() => void) | undefined

  const set = (change: Partial<TrayState>) => {
    state = { ...state, ...change }
    onChange(state)
  }
  /** What arrives beside the stream belongs to the snapshot; before there is one it is nobody's. */
  const add = (change: Partial<GatewaySnapshot>) => {
    if (state.snapshot !== undefined) set({ snapshot: { ...state.snapshot, ...change } })
  }
  const lookAtLight = () => {
    cancelLight?.()
    const now = clock.now()
    const step = stepLight(light, state.snapshot?.requests ?? [], now)
    light = step.light
    cancelLight = step.dueAt === undefined ? undefined : clock.after(step.dueAt - now, lookAtLight)
    const working = light.litSince !== undefined
    if (working !== state.working) set({ working })
  }
  const limits = createLimitWatch({
    control,
    clock,
    logger,
    onLimits: (found) => add({ limits: found }),
    onNetwork: (network) => add({ network }),
    // Only these: an event may have told the rest of the status anew since the question.
    onVanished: (vanishedModels) => {
      if (state.snapshot !== undefined) add({ status: { ...state.snapshot.status, vanishedModels } })
    },
  })
  const feed = createFeed((event) => {
    set({ snapshot: applyGatewayEvent(state.snapshot, event) })
    lookAtLight()
    if (event.type === 'snapshot') limits.begin()
    if (event.type === 'request' && event.request.phase === 'finished') limits.touch()
  })
  const putOut = () => {
    cancelLight?.()
    cancelLight = undefined
    light = darkLight
    limits.stop()
  }

  const followSupervisor = (gateway: SupervisorState) => {
    if (gateway.phase === 'running') {
      set({ gateway })
      feed.follow(gateway)
      return
    }
    feed.stop()
    putOut()
    set({ gateway, snapshot: undefined, working: false })
  }

  return {
    start(): void {
      unsubscribe = supervisor.subscribe(followSupervisor)
      followSupervisor(supervisor.state())
    },
    state: (): TrayState => state,
    /** After a sleep: the old connection may look alive for a long time. */
    reconnect(): void {
      if (state.gateway.phase === 'running') feed.follow(state.gateway)
    },
    stop(): void {
      unsubscribe?.()
      feed.stop()
      putOut()
    },
  }
}
