import type { RecordedFile } from './engine/record.ts'
import { findDrift } from './engine/settings.ts'
import { hashOf, readDisk, textOf } from './files/disk.ts'
import { UnreadableFileError } from './formats/format.ts'

/** Where a file is other than exported: `file`, or `file: a.b.c`. Edits beside our settings do not count. */
export function readDrift({ path, hash, format, applied }: RecordedFile): readonly string[] {
  const found = readDisk(path)
  if (found === undefined) return [`${path} is gone`]
  if (hashOf(found.bytes) === hash) return []
  if (format === 'own') return [`${path} was edited`]
  try {
    return findDrift(textOf(path, found.bytes), format, applied).map((place) => `${path}: ${place}`)
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error
    return [`${path}:${error.line}:${error.column} ${error.message}`]
  }
}
