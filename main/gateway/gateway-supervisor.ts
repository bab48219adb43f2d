import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { GatewayProcessCommand } from '../../gateway/contract/process-messages.ts'
import { type ForkGateway, type GatewayChild, type GatewayChildListeners, readGatewayMessage } from './gateway-child.ts'
import {
  isAlive,
  stepSupervisor,
  stoppedSupervision,
  type SupervisorEffect,
  type SupervisorEvent,
  type SupervisorState,
} from './supervisor-state.ts'

export interface GatewaySupervisorOptions {
  readonly fork: ForkGateway
  readonly clock: Clock
  readonly logger: Logger
}

export type GatewaySupervisor = ReturnType<typeof createGatewaySupervisor>

/**
 * Keeps one gateway process alive: carries out what supervisor-state.ts decides. `stop()` resolves when no child is
 * left; at the latest grace plus slack after the call, because the child is then killed.
 */
export function createGatewaySupervisor({ fork, clock, logger }: GatewaySupervisorOptions) {
  let current = stoppedSupervision
  let cancelTimer: (() => void) | undefined
  const listeners = new Set<(state: SupervisorState) => void>()

  const child = createChildSlot(fork, {
    message: (value) => receive(value),
    exit: (code) => dispatch({ type: 'exited', code }),
    failed: (message) => {
      dispatchSoon({ type: 'failed', message })
      dispatchSoon({ type: 'exited', code: null })
    },
  })

  const clearTimer = () => {
    cancelTimer?.()
    cancelTimer = undefined
  }

  /** For events that arise while an event is being handled. */
  const dispatchSoon = (event: SupervisorEvent) => {
    queueMicrotask(() => dispatch(event))
  }

  const receive = (value: unknown) => {
    const message = readGatewayMessage(value)
    if (message === undefined) {
      logger.warn('gateway-message-unknown', {})
      return
    }
    if (message.type === 'listening') dispatch(message)
    if (message.type === 'failed') dispatch(message)
  }

  const carryOut = (effect: SupervisorEffect) => {
    switch (effect.type) {
      case 'fork':
        return child.fork(effect.port)
      case 'send-stop':
        return child.send({ type: 'stop', graceMs: effect.graceMs })
      case 'kill':
        return child.kill()
      case 'clear-timer':
        return clearTimer()
      case 'set-timer':
        clearTimer()
        cancelTimer = clock.after(effect.ms, () => dispatch({ type: effect.event }))
    }
  }

  const dispatch = (event: SupervisorEvent) => {
    const before = current.state
    const { next, effects } = stepSupervisor(current, event, clock.now())
    current = next
    for (const effect of effects) carryOut(effect)
    if (next.state === before) return
    // Neither the token nor the message: that may quote the config file. The gateway's own log has the details.
    const cause = next.state.phase === 'failed' ? next.state.cause : undefined
    logger.info('gateway-phase', { phase: next.state.phase, after: event.type, cause })
    for (const listener of listeners) listener(next.state)
  }

  return {
    state: (): SupervisorState => current.state,
    /** On another port than the configured one, when one is given: it then stays with it. */
    start: (port?: number) => dispatch({ type: 'start', port }),
    restart: () => dispatch({ type: 'restart' }),
    /** The port that was chosen in place of the configured one, until the config has it. */
    chosenPort: (): number | undefined => current.port,
    portKept: () => dispatch({ type: 'port-kept' }),
    stop: (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const settle = (state: SupervisorState) => {
        if (isAlive(state)) return
        listeners.delete(settle)
        resolve()
      }
      listeners.add(settle)
      dispatch({ type: 'stop' })
      settle(current.state)
      return promise
    },
    /** Calls the listener at each change of state; the result unsubscribes it. */
    subscribe: (listener: (state: SupervisorState) => void): (() => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

interface ChildSlotListeners extends GatewayChildListeners {
  /** The process could not even be made. */
  readonly failed: (message: string) => void
}

/** Holds the one child there may be. What an earlier child still says or does is not heard. */
function createChildSlot(fork: ForkGateway, listeners: ChildSlotListeners) {
  let child: GatewayChild | undefined
  const start = (port: number | undefined): GatewayChild => {
    const heard: GatewayChildListeners = {
      message: (value) => {
        if (child === forked) listeners.message(value)
      },
      exit: (code) => {
        if (child !== forked) return
        child = undefined
        listeners.exit(code)
      },
    }
    const forked: GatewayChild = fork(heard, port)
    return forked
  }
  return {
    fork(port: number | undefined): void {
      try {
        child = start(port)
      } catch (error) {
        child = undefined
        listeners.failed(`The gateway process could not be started: ${String(error)}`)
      }
    },
    send: (command: GatewayProcessCommand) => child?.send(command),
    kill: () => child?.kill(),
  }
}
