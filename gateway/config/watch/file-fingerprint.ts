import { statSync } from 'node:fs'

/** What tells two states of a file apart without reading it; symbolic links are followed. */
export interface FileFingerprint {
  readonly text: string
  /** Nothing to read now: not there, or empty as in the middle of a save. */
  readonly blank: boolean
}

/** The state of the file now. Never throws. */
export function fingerprintFile(path: string): FileFingerprint {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return { text: `${ino} ${size} ${mtimeNs} ${ctimeNs}`, blank: size === 0n }
  } catch (error) {
    return { text: String((error as NodeJS.ErrnoException).code), blank: true }
  }
}
