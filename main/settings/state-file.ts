import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A small file of the desktop application's own: settings, the place of the window. */
export interface StateFile {
  /** Undefined when there is none, or it cannot be read. */
  read(): string | undefined
  /** Atomic: the old content or the new, never half of it. @throws what the file system says */
  write(text: string): void
}

/** Mode 0600, in a folder of mode 0700 that is made when it is missing. Synchronous: a few hundred bytes, seldom. */
export function openStateFile(path: string): StateFile {
  return {
    read() {
      try {
        return readFileSync(path, 'utf8')
      } catch {
        return undefined
      }
    },
    write(text) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const fresh = `${path}.new`
      writeFileSync(fresh, text, { mode: 0o600 })
      renameSync(fresh, path)
    },
  }
}
