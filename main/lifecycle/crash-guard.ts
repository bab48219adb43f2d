import type { Logger } from '../logger.ts'

export interface CrashGuardOptions {
  readonly process: NodeJS.EventEmitter
  readonly logger: Logger
  /** Where to read more, shown to the user. */
  readonly logPath: string
  readonly showError: (title: string, text: string) => void
  /** Ends the app with a code, at once. */
  readonly exit: (code: number) => void
}

/**
 * The end of a main process whose state can no longer be trusted: logged, said once, exit code 1. The gateway is a
 * process of its own and ends in order when its parent is gone. Installed before anything else.
 */
export function installCrashGuard({ process, logger, logPath, showError, exit }: CrashGuardOptions): void {
  let crashed = false
  const crash = (kind: string) => (error: unknown) => {
    if (crashed) return
    crashed = true
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    logger.error('main-crashed', { kind, stack })
    showError('Signalbox has stopped', `An error it cannot recover from was written to\n${logPath}`)
    exit(1)
  }
  process.on('uncaughtException', crash('uncaughtException'))
  process.on('unhandledRejection', crash('unhandledRejection'))
}
