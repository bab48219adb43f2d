import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export interface LogDestination {
  write(line: string): void
  close(): void
}

export interface RotatingFileOptions {
  readonly path: string
  /** A file that would grow beyond this many bytes is set aside first. */
  readonly maxBytes: number
  /** How many set-aside files are kept: `<path>.1` is the newest. */
  readonly keep: number
  /** Told once when the file cannot be written (disk full, folder gone); writing is tried again with each line. */
  readonly onFailure: (error: Error) => void
}

/**
 * A log file of bounded size, mode 0600. Lines are written at once, so that the last ones before a crash are there; the
 * log holds problems and not traffic, which makes that cheap. A failing disk never fails the caller.
 */
export function createRotatingFile(options: RotatingFileOptions): LogDestination {
  let descriptor: number | undefined
  let size = 0
  let failureTold = false

  const open = (): number => {
    mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 })
    const opened = openSync(options.path, 'a', 0o600)
    size = fstatSync(opened).size
    return opened
  }
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor)
    descriptor = undefined
  }
  const rotate = (): void => {
    close()
    rmSync(`${options.path}.${options.keep}`, { force: true })
    for (let index = options.keep - 1; index >= 1; index -= 1) {
      if (existsSync(`${options.path}.${index}`)) renameSync(`${options.path}.${index}`, `${options.path}.${index + 1}`)
    }
    renameSync(options.path, `${options.path}.1`)
  }

  return {
    write(line) {
      try {
        const bytes = Buffer.byteLength(line)
        descriptor ??= open()
        if (size > 0 && size + bytes > options.maxBytes) {
          rotate()
          descriptor = open()
        }
        writeSync(descriptor, line)
        size += bytes
        failureTold = false
      } catch (error) {
        descriptor = undefined
        if (!failureTold) options.onFailure(error as Error)
        failureTold = true
      }
    },
    close,
  }
}
