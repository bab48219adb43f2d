import type { JsonValue } from '../../model/json.ts'

/** Keys of objects and places in lists, from the root. A place right behind the last item appends. */
export type ValuePath = readonly (string | number)[]

/** Edits a text so that only the value concerned changes: comments, order and spelling of the rest stay. */
export interface Format {
  /** The content; an empty text is an empty object. @throws UnreadableFileError */
  readonly parse: (text: string) => JsonValue
  /** Puts a value at a place and makes the objects on the way. @throws UnreadableFileError when a step leads into something that has no parts */
  readonly set: (text: string, path: ValuePath, value: JsonValue) => string
  /** Takes a value out with its key. What is not there needs no change. */
  readonly remove: (text: string, path: ValuePath) => string
}

/** A file that cannot be read, and so is never written. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError'
  /** 1-based. */
  readonly line: number
  readonly column: number

  /** @param message a sentence that quotes nothing of the file */
  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

/** The place of an offset, 1-based. */
export function unreadableAt(text: string, offset: number, message: string): UnreadableFileError {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return new UnreadableFileError(message, line, offset - (before.lastIndexOf('\n') + 1) + 1)
}

/** How the lines of a text end; what most of them do decides. */
export function lineEnd(text: string): '\n' | '\r\n' {
  const windows = text.split('\r\n').length - 1
  return windows > (text.split('\n').length - 1) / 2 ? '\r\n' : '\n'
}
