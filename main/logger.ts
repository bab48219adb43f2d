import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** The desktop layer's log: an event word and plain values. Never a token, a key, a prompt or an answer: callers pass none. */
export interface Logger {
  info(event: string, fields: LogFields): void
  warn(event: string, fields: LogFields): void
  error(event: string, fields: LogFields): void
}

const rotateAtBytes = 1_000_000

/**
 * Writes JSON lines to one file of mode 0600, keeping one older file beside it. Synchronous, because it writes a few
 * lines a day and the last one, before a crash, is the one that matters. A log that cannot be written is given up
 * silently: it must never be the reason that the app does not run.
 */
export function createFileLogger({ path, now }: { path: string; now: () => number }): Logger {
  const write = (level: string, event: string, fields: LogFields) => {
    const line = JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields })
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > rotateAtBytes) renameSync(path, `${path}.1`)
      appendFileSync(path, `${line}\n`, { mode: 0o600 })
    } catch {
      // See above.
    }
  }
  return {
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
  }
}
