/** Characters from `start` to `end` are replaced by `text`. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Where the line of a place begins. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Where the line after this place begins; a place at the start of a line is there already. */
export function lineAfter(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end + 1
}

/** The line end that the file uses. */
export function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** New lines below the line in which a value ends, its comment included. */
export function afterLine(text: string, end: number, lines: readonly string[]): Splice {
  const at = lineAfter(text, end)
  const newline = lineBreak(text)
  const open = at > 0 && text[at - 1] !== '\n' ? newline : ''
  return { start: at, end: at, text: `${open}${lines.join(newline)}${newline}` }
}

/** New lines at the end of the file. */
export function atEnd(text: string, lines: readonly string[]): Splice {
  return afterLine(text, text.length, lines)
}
