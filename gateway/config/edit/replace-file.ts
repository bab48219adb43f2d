import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface ReplaceFileOptions {
  /** Mode of a file that is not there yet. */
  readonly newFileMode?: number
}

/**
 * Puts new content into a file so that whoever reads it, even after a crash, sees the old or the new one and nothing
 * between. The mode stays, a symbolic link stays and its target is written. Throws what the file system says; the
 * temporary file is gone then.
 */
export function replaceFile(path: string, content: string | Buffer, options: ReplaceFileOptions = {}): void {
  const target = targetOf(path)
  const mode = modeOf(target) ?? options.newFileMode ?? 0o644
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.new`)
  try {
    writeDurably(temporary, Buffer.from(content), mode)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function targetOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return path
    throw error
  }
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode
}

function writeDurably(path: string, content: Buffer, mode: number): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    let written = 0
    while (written < content.length) written += writeSync(file, content, written)
    fchmodSync(file, mode & 0o7777)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
