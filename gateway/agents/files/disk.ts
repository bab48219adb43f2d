import { hash } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile } from '../../config/edit/replace-file.ts'
import { ExportError } from '../engine/export-error.ts'

/** A file as it was read; undefined = there is none. */
export interface DiskFile {
  readonly bytes: Buffer
  readonly mode: number
}

/** Reads a file of the user's. @throws ExportError when it cannot be read, or is too large to be a config file */
export function readDisk(path: string): DiskFile | undefined {
  try {
    const { mode, size } = statSync(path)
    if (size > largestFile)
      throw new ExportError(`${path} has ${size} bytes: that is no config file, it stays as it is.`)
    return { bytes: readFileSync(path), mode: mode & 0o7777 }
  } catch (error) {
    if (error instanceof ExportError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return noFile(path)
    throw new ExportError(`${path} cannot be read (${code ?? 'unknown error'}).`)
  }
}

const largestFile = 16 * 1024 * 1024

/** A link that leads nowhere is somebody's: it would be lost under a new file. */
function noFile(path: string): undefined {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined
  throw new ExportError(`${path} is a link to a file that is not there. Make the file, or remove the link.`)
}

/** Refuses a file that its owner has closed to writing. @throws ExportError */
export function requireWritable(path: string, file: DiskFile | undefined): void {
  if (file === undefined || process.platform === 'win32' || (file.mode & 0o200) !== 0) return
  throw new ExportError(
    `${path} is read-only, so it stays as it is. Allow writing (chmod u+w), or use --print and put it in by hand.`,
  )
}

/** Text of a file. @throws ExportError when it is not UTF-8, which an edit would damage */
export function textOf(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ExportError(`${path} is not UTF-8 text, so it stays as it is. Save it as UTF-8 first.`)
  }
}

export function hashOf(bytes: Buffer | string): string {
  return hash('sha256', bytes, 'hex')
}

/** The folders that a file would need and that are not there, innermost first. */
export function missingFolders(path: string): string[] {
  const missing: string[] = []
  for (
    let folder = dirname(path);
    statSync(folder, { throwIfNoEntry: false }) === undefined;
    folder = dirname(folder)
  ) {
    missing.push(folder)
  }
  return missing
}

export function makeFolders(path: string, mode?: number): void {
  mkdirSync(dirname(path), { recursive: true, ...(mode === undefined ? {} : { mode }) })
}

/** Writes or removes a file as a whole. */
export function putDisk(path: string, content: Buffer | null, mode: number): void {
  if (content === null) rmSync(path, { force: true })
  else replaceFile(path, content, { newFileMode: mode })
}

/** Takes away folders that are empty, innermost first. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder)
    } catch {
      return
    }
  }
}
