import type { RecordedFile } from './record.ts'
import { takeBackSettings } from './settings.ts'

/** What a file would be without our export. */
export interface BaseFile {
  /** Undefined = there would be no file. */
  readonly text: string | undefined
  readonly outcome: 'restored' | 'merged' | 'kept'
  /** Places where an edit by hand won. */
  readonly kept: readonly string[]
}

export interface CurrentFile {
  /** Undefined = there is none. */
  readonly text: string | undefined
  readonly hash: string | undefined
}

/**
 * Takes an export out of a file. Untouched since: the text of before, byte for byte. Edited since: a three-way merge in
 * which our values go where they still stand, and what somebody else wrote stays. Pure.
 * @param before the text of before the export; null = there was no file; undefined = its backup is lost
 * @throws UnreadableFileError when an edited file cannot be read
 */
export function withoutExport(file: RecordedFile, current: CurrentFile, before: string | null | undefined): BaseFile {
  if (current.text === undefined) return { text: undefined, outcome: 'kept', kept: [] }
  const isUntouched = current.hash === file.hash
  if (isUntouched && before !== undefined) return { text: before ?? undefined, outcome: 'restored', kept: [] }
  if (file.format === 'own') {
    return { text: current.text, outcome: 'kept', kept: ['all of it'] }
  }
  const { text, kept } = takeBackSettings(current.text, file.format, file.applied)
  if (text === before) return { text, outcome: 'restored', kept }
  // Nothing but our part was in a file that we made.
  const isLeftEmpty = before === null && /^\uFEFF?\s*(?:\{\s*\}|\[\s*\])?\s*$/u.test(text)
  return { text: isLeftEmpty ? undefined : text, outcome: 'merged', kept }
}
