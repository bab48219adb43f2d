import { writeSync } from 'node:fs'

/** Writes a line to standard output at once: what was printed is there even if the process is killed the next moment. */
export function printLine(line: string): void {
  writeWhole(1, `${line}\n`)
}

/** The same to standard error. */
export function printError(line: string): void {
  writeWhole(2, `${line}\n`)
}

/**
 * A closed pipe (`… | head -1`) ends nobody's gateway. A full one is given up after a while: its reader is stuck, and
 * the gateway must not wait for it.
 */
function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  let offset = 0
  for (let attempt = 0; attempt < 1_000 && offset < bytes.length; attempt += 1) {
    try {
      offset += writeSync(descriptor, bytes, offset)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
    }
  }
}
