import { watchNpmParent } from './npm-parent.ts'
import type { ParentChannel } from './parent-channel.ts'

export interface StopRequest {
  /** How long running requests may go on, in ms. */
  readonly graceMs: number
  /** The uncaught error that makes the process stop; undefined for an orderly end. */
  readonly crash: Error | undefined
}

export interface StopRequests {
  /** Resolves at the first reason to stop and never rejects. */
  readonly first: Promise<StopRequest>
  /** Stops listening. */
  dispose(): void
}

/** Grace of a stop by signal, in ms. */
export const signalGraceMs = 10_000

/** After an uncaught error nothing is certain: running answers get a moment only, in ms. */
const crashGraceMs = 1_000

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Collects every reason to stop: SIGINT, SIGTERM, SIGHUP, the parent's command, the parent's end, the end of the shell that
 * npm runs us in, an uncaught error.
 * `onSecondSignal` is called when a signal arrives while the stop already runs: the person at the keyboard is done waiting.
 */
export function listenForStop(parent: ParentChannel | undefined, onSecondSignal: () => void): StopRequests {
  const { promise, resolve } = Promise.withResolvers<StopRequest>()
  let signalled = false
  const onSignal = (): void => {
    if (signalled) return onSecondSignal()
    signalled = true
    return resolve({ graceMs: signalGraceMs, crash: undefined })
  }
  const onCrash = (error: unknown): void => {
    resolve({
      graceMs: crashGraceMs,
      crash: error instanceof Error ? error : new Error('Something was thrown that is not an error.'),
    })
  }
  for (const signal of stopSignals) process.on(signal, onSignal)
  process.on('uncaughtException', onCrash)
  parent?.onCommand(({ graceMs }) => resolve({ graceMs, crash: undefined }))
  parent?.onGone(() => resolve({ graceMs: crashGraceMs, crash: undefined }))
  const unwatch = watchNpmParent({
    platform: process.platform,
    environment: process.env,
    parentId: () => process.ppid,
    onGone: () => resolve({ graceMs: signalGraceMs, crash: undefined }),
  })
  return {
    first: promise,
    dispose() {
      unwatch()
      for (const signal of stopSignals) process.off(signal, onSignal)
      process.off('uncaughtException', onCrash)
    },
  }
}
