import { join } from 'node:path'
import { createLogger, type LogLevel, type Logger, logLevels } from './logger.ts'
import { createRotatingFile } from './rotating-file.ts'
import { printError } from './terminal.ts'

const maxLogBytes = 5 * 1024 * 1024
const keptFiles = 3

export interface OpenLogger {
  readonly logger: Logger
  readonly path: string
  close(): void
}

/**
 * Opens the log of a data directory: JSON lines in `<data-dir>/logs/signalbox.log` (mode 0600, at most four files of
 * 5 MB) and lines for people on standard error. `level` comes from SIGNALBOX_LOG_LEVEL; anything else means `info`.
 */
export function openLogger(dataDir: string, level: string | undefined): OpenLogger {
  const path = join(dataDir, 'logs', 'signalbox.log')
  const file = createRotatingFile({
    path,
    maxBytes: maxLogBytes,
    keep: keptFiles,
    onFailure: (error) => {
      const code = (error as NodeJS.ErrnoException).code ?? error.name
      printError(`The log file ${path} cannot be written (${code}). Problems are shown here only.`)
    },
  })
  const logger = createLogger({
    level: logLevels.find((known): known is LogLevel => known === level) ?? 'info',
    file,
    terminal: (line) => printError(line.trimEnd()),
  })
  return { logger, path, close: () => file.close() }
}
