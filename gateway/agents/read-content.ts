import type { JsonValue } from '../model/json.ts'
import type { CurrentFiles, FormatName } from './agent.ts'
import { ExportError } from './engine/export-error.ts'
import { UnreadableFileError } from './formats/format.ts'
import { formatOf } from './formats/formats.ts'

/** What a file says; an empty object where there is none. @throws ExportError with line and column when it cannot be read */
export function readContent(current: CurrentFiles, path: string, format: FormatName): JsonValue {
  return reading(path, () => formatOf(format).parse(current.get(path) ?? ''))
}

/** @throws ExportError that names the place in the file */
export function reading<Result>(path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error
    throw new ExportError(
      `${path}:${error.line}:${error.column} ${error.message} The file stays as it is; mend it, then try again.`,
    )
  }
}
