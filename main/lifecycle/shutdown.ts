import type { AppPort, Unsubscribe } from '../ports/electron-ports.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'

export interface ShutdownOptions {
  readonly app: Pick<AppPort, 'quit' | 'exit' | 'onBeforeQuit'>
  /** Stops everything; called once. */
  readonly stop: () => Promise<void>
  readonly clock: Clock
  readonly logger: Logger
  /** After this the app ends whether all has stopped or not, ms. */
  readonly limitMs: number
}

export interface Shutdown {
  /** Quits in the same order, and ends with something else than the app's own end: the installer of an update. */
  quitInto(end: () => void): void
  release: Unsubscribe
}

/**
 * The one quit sequence, whoever asks: the first `before-quit` is held while everything stops, then the app quits for
 * good. `limitMs` after the first request it ends in any case.
 */
export function installShutdown({ app, stop, clock, logger, limitMs }: ShutdownOptions): Shutdown {
  let phase: 'running' | 'stopping' | 'stopped' = 'running'
  let end = () => app.quit()

  const begin = async () => {
    const cancel = clock.after(limitMs, () => {
      logger.error('quit-overdue', { limitMs })
      app.exit(1)
    })
    try {
      await stop()
    } catch (error) {
      logger.error('quit-failed', { reason: String(error) })
    }
    cancel()
    phase = 'stopped'
    end()
  }

  const release = app.onBeforeQuit(() => {
    if (phase === 'stopped') return false
    if (phase === 'running') {
      phase = 'stopping'
      void begin()
    }
    return true
  })
  return {
    quitInto(other) {
      end = other
      app.quit()
    },
    release,
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A signal quits in the same order as the menu does. */
export function quitOnSignals(process: NodeJS.EventEmitter, app: Pick<AppPort, 'quit'>): Unsubscribe {
  const quit = () => app.quit()
  for (const signal of signals) process.on(signal, quit)
  return () => {
    for (const signal of signals) process.off(signal, quit)
  }
}
