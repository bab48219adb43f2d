import type { Node } from 'jsonc-parser'

/** The blanks at the beginning of the line that an offset is in. */
export function indentOf(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/u.exec(text.slice(start, offset))?.[0] ?? ''
}

/** What one level is indented by: as the first indented line, else two blanks. */
export function indentUnit(text: string): string {
  return /^(?<blank>\t| {2,8})\S/mu.exec(text)?.groups?.['blank'] ?? '  '
}

/** What may stand between a value and the next one. */
const between = /(?<comma>,)|(?<comment>\/\/[^\n\r]*|\/\*[\s\S]*?\*\/)|(?<newline>\r?\n)|(?<blank>[^\S\n]+)/uy

/** Behind the comma that follows a value, comments between them or not; undefined = there is none before `limit`. */
export function afterComma(text: string, from: number, limit: number): number | undefined {
  for (const { groups, end } of gapAfter(text, from, limit)) if (groups['comma'] !== undefined) return end
  return undefined
}

/** The end of the comments that begin in the same line: they belong to what stands before them. */
export function commentEnd(text: string, from: number, limit: number): number {
  let comments = from
  for (const { groups, end } of gapAfter(text, from, limit)) {
    if (groups['comment'] !== undefined) comments = end
    else if (groups['blank'] === undefined) break
  }
  return comments
}

function* gapAfter(text: string, from: number, limit: number) {
  for (let at = from; at < limit; ) {
    between.lastIndex = at
    const found = between.exec(text)
    if (found === null) return
    at += found[0].length
    yield { groups: found.groups ?? {}, end: at }
  }
}

/** The text without a value, its key and one comma, and without the lines that only they were on. */
export function removalOf(text: string, value: Node): string {
  const part = value.parent?.type === 'property' ? value.parent : value
  const owner = part.parent
  if (owner === undefined) return text
  const end = owner.offset + owner.length - 1
  const siblings = owner.children ?? []
  const index = siblings.indexOf(part)
  const comma = afterComma(text, part.offset + part.length, end)
  const cutEnd = comma ?? part.offset + part.length
  const cut = withLine(text, part.offset, cutEnd)
  const rest = text.slice(0, cut.start) + text.slice(cut.end)
  const before = siblings[index - 1]
  // Without a comma of its own it was the last: the comma before it would be left over.
  if (comma !== undefined || before === undefined) return rest
  const from = before.offset + before.length
  const left = afterComma(rest, from, cut.start)
  return left === undefined ? rest : rest.slice(0, left - 1) + rest.slice(left)
}

function withLine(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', end)
  const isAlone = text.slice(lineStart, start).trim() === '' && newline >= 0 && text.slice(end, newline).trim() === ''
  if (isAlone) return { start: lineStart, end: newline + 1 }
  const blanks = /^[ \t]+/u.exec(text.slice(end))?.[0].length ?? 0
  return { start, end: end + blanks }
}
