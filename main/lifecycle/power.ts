import type { PowerPort } from '../ports/electron-ports.ts'
import type { Logger } from '../logger.ts'
import type { Service } from '../service.ts'

export interface PowerWatchOptions {
  readonly power: PowerPort
  readonly logger: Logger
  /** Connections opened before the sleep are dead. */
  readonly onResume: () => void
  /** The session ends: there are seconds left. */
  readonly onShutdown: () => void
}

/** Passes on what happens to the machine. */
export function createPowerWatch({ power, logger, onResume, onShutdown }: PowerWatchOptions): Service {
  let unsubscribe: (() => void)[] = []
  return {
    name: 'power',
    start() {
      unsubscribe = [
        power.onSuspend(() => logger.info('suspend', {})),
        power.onResume(() => {
          logger.info('resume', {})
          onResume()
        }),
        power.onShutdown(onShutdown),
      ]
    },
    stop() {
      for (const release of unsubscribe) release()
      unsubscribe = []
    },
  }
}
