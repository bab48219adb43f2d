import type { GatewayFailureCause } from '../../gateway/contract/desktop.ts'
import { exitCodes } from '../../gateway/contract/process-messages.ts'

/** Why the gateway does not run although it was asked to. Only a crash is tried again by itself. */
export type FailureCause = GatewayFailureCause

export type SupervisorState =
  | { readonly phase: 'stopped' }
  | { readonly phase: 'starting' }
  | { readonly phase: 'running'; readonly url: string; readonly controlToken: string; readonly since: number }
  /** Crashed; the next start is due at `retryAt`. */
  | { readonly phase: 'waiting'; readonly retryAt: number; readonly message: string }
  | { readonly phase: 'stopping'; readonly restart: boolean }
  | {
      readonly phase: 'failed'
      readonly cause: FailureCause
      readonly message: string
      /** A free port, where the port is taken and one was found. */
      readonly offeredPort: number | undefined
    }

/** The visible state and what the next decisions need: when it crashed, and how many crashes came in a row. */
export interface Supervision {
  readonly state: SupervisorState
  /** Times of the crashes of the last two minutes, ms since the epoch, oldest first. */
  readonly crashes: readonly number[]
  /** Crashes since it last ran for two minutes. */
  readonly streak: number
  /** What the child said before it ended. */
  readonly lastWords: string | undefined
  /** The free port it named. */
  readonly offeredPort: number | undefined
  /** The port a person chose in place of the one in the config; undefined = as configured. */
  readonly port: number | undefined
}

export type SupervisorEvent =
  /** `port` takes the place of the configured one, for this start and the restarts after it. */
  | { readonly type: 'start'; readonly port?: number | undefined }
  | { readonly type: 'stop' }
  | { readonly type: 'restart' }
  /** The chosen port stands in the config now. */
  | { readonly type: 'port-kept' }
  | { readonly type: 'listening'; readonly url: string; readonly controlToken: string }
  | { readonly type: 'failed'; readonly message: string; readonly offeredPort?: number | undefined }
  /** `code` is null when a signal ended it. */
  | { readonly type: 'exited'; readonly code: number | null }
  | { readonly type: 'retry-due' }
  /** The child took too long to listen, or to stop. */
  | { readonly type: 'overdue' }

export type SupervisorEffect =
  | { readonly type: 'fork'; readonly port: number | undefined }
  | { readonly type: 'send-stop'; readonly graceMs: number }
  | { readonly type: 'kill' }
  /** Replaces any timer that runs; `event` arrives after `ms`. */
  | { readonly type: 'set-timer'; readonly ms: number; readonly event: 'retry-due' | 'overdue' }
  | { readonly type: 'clear-timer' }

export const supervision = {
  firstBackOffMs: 500,
  longestBackOffMs: 30_000,
  crashWindowMs: 120_000,
  crashesToGiveUp: 5,
  /** Long enough for a migration of a large database. */
  startLimitMs: 60_000,
  stopGraceMs: 8_000,
  /** After the grace the child still ends its streams and closes the database. */
  stopSlackMs: 3_000,
} as const

export const stoppedSupervision: Supervision = {
  state: { phase: 'stopped' },
  crashes: [],
  streak: 0,
  lastWords: undefined,
  offeredPort: undefined,
  port: undefined,
}

interface Step {
  readonly next: Supervision
  readonly effects: readonly SupervisorEffect[]
}

/** One step of the supervisor. Pure: `now` is ms since the epoch, effects are carried out by the caller in order. */
export function stepSupervisor(current: Supervision, event: SupervisorEvent, now: number): Step {
  const unchanged: Step = { next: current, effects: [] }
  switch (event.type) {
    case 'start':
      return begin(event.port === undefined ? current : { ...current, port: event.port })
    case 'stop':
      return end(current, false)
    case 'restart':
      return isAlive(current.state) ? end(current, true) : begin(current)
    case 'port-kept':
      return { next: { ...current, port: undefined }, effects: [] }
    case 'listening':
      if (current.state.phase !== 'starting') return unchanged
      return {
        next: {
          ...current,
          lastWords: undefined,
          state: { phase: 'running', url: event.url, controlToken: event.controlToken, since: now },
        },
        effects: [{ type: 'clear-timer' }],
      }
    case 'failed':
      return { next: { ...current, lastWords: event.message, offeredPort: event.offeredPort }, effects: [] }
    case 'exited':
      return afterExit(current, event.code, now)
    case 'retry-due':
      return current.state.phase === 'waiting' ? fork(current) : unchanged
    case 'overdue':
      return overdue(current)
  }
}

function begin(current: Supervision): Step {
  const { state } = current
  if (state.phase === 'stopping') {
    return { next: { ...current, state: { phase: 'stopping', restart: true } }, effects: [] }
  }
  if (isAlive(state)) return { next: current, effects: [] }
  // A person asked: the count of earlier crashes must not be held against this attempt.
  return fork({ ...current, crashes: [], streak: 0 })
}

function fork(current: Supervision): Step {
  return {
    next: { ...current, lastWords: undefined, offeredPort: undefined, state: { phase: 'starting' } },
    effects: [
      { type: 'fork', port: current.port },
      { type: 'set-timer', ms: supervision.startLimitMs, event: 'overdue' },
    ],
  }
}

function end(current: Supervision, restart: boolean): Step {
  const { state } = current
  if (state.phase === 'stopping') return { next: { ...current, state: { phase: 'stopping', restart } }, effects: [] }
  if (!isAlive(state)) {
    return { next: { ...current, state: { phase: 'stopped' } }, effects: [{ type: 'clear-timer' }] }
  }
  const graceMs = supervision.stopGraceMs
  return {
    next: { ...current, state: { phase: 'stopping', restart } },
    effects: [
      { type: 'send-stop', graceMs },
      { type: 'set-timer', ms: graceMs + supervision.stopSlackMs, event: 'overdue' },
    ],
  }
}

function overdue(current: Supervision): Step {
  if (!isAlive(current.state)) return { next: current, effects: [] }
  const lastWords =
    current.state.phase === 'starting'
      ? `The gateway did not listen within ${supervision.startLimitMs / 1000} s.`
      : current.lastWords
  // The exit that follows decides what comes next.
  return { next: { ...current, lastWords }, effects: [{ type: 'kill' }] }
}

function afterExit(current: Supervision, code: number | null, now: number): Step {
  const { state } = current
  if (state.phase === 'stopping') {
    if (state.restart) return fork({ ...current, crashes: [], streak: 0 })
    // A chosen port outlives a pause: it is what the agents were told.
    return { next: { ...stoppedSupervision, port: current.port }, effects: [{ type: 'clear-timer' }] }
  }
  if (!isAlive(state)) return { next: current, effects: [] }
  if (code === exitCodes.badConfig) {
    return fail(current, 'bad-config', 'The configuration has errors, so the gateway does not start.')
  }
  if (code === exitCodes.portTaken) return fail(current, 'port-taken', 'The port of the gateway is taken.')
  return afterCrash(current, code, now)
}

function afterCrash(current: Supervision, code: number | null, now: number): Step {
  const { state } = current
  const crashes = [...current.crashes.filter((at) => now - at < supervision.crashWindowMs), now]
  const stable = state.phase === 'running' && now - state.since >= supervision.crashWindowMs
  const streak = stable ? 1 : current.streak + 1
  const message = current.lastWords ?? `The gateway ended unexpectedly (exit code ${code ?? 'none'}).`
  if (crashes.length >= supervision.crashesToGiveUp) {
    return fail({ ...current, crashes, streak }, 'crash-loop', message)
  }
  const backOff = Math.min(supervision.longestBackOffMs, supervision.firstBackOffMs * 2 ** (streak - 1))
  return {
    next: { ...current, crashes, streak, state: { phase: 'waiting', retryAt: now + backOff, message } },
    effects: [{ type: 'set-timer', ms: backOff, event: 'retry-due' }],
  }
}

function fail(current: Supervision, cause: FailureCause, fallback: string): Step {
  const offeredPort = cause === 'port-taken' ? current.offeredPort : undefined
  return {
    next: { ...current, state: { phase: 'failed', cause, message: current.lastWords ?? fallback, offeredPort } },
    effects: [{ type: 'clear-timer' }],
  }
}

/** True while a child process exists. */
export function isAlive(state: SupervisorState): boolean {
  return state.phase === 'starting' || state.phase === 'running' || state.phase === 'stopping'
}
