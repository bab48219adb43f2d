import type { ConfigProblem } from '../contract.ts'

/** The line a problem stands at, with its neighbours, as the editor's excerpt shows them. */
export interface ExcerptLine {
  readonly number: number
  readonly text: string
  readonly isProblem: boolean
}

const linesBefore = 2
const linesAfter = 1

/** Two lines before a problem, its own, and one after; empty when it has no line, or the text is shorter by now. */
export function excerptOf(text: string, { line }: ConfigProblem): readonly ExcerptLine[] {
  const lines = text.split('\n')
  if (line === null || line > lines.length) return []
  const first = Math.max(1, line - linesBefore)
  const last = Math.min(lines.length, line + linesAfter)
  return lines.slice(first - 1, last).map((shown, index) => ({
    number: first + index,
    text: shown.replace(/\r$/u, ''),
    isProblem: first + index === line,
  }))
}

/** Where a place of the file is in its text, in UTF-16 units from its start. Line and column from 1; beyond the end is the end. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const own = lines[line - 1]
  return own === undefined ? text.length : before + Math.min(own.length, Math.max(0, column - 1))
}

/** The text with a problem's word replaced by the nearest known one; undefined where it does not stand at its place any more. */
export function withNearest(text: string, { line, column, nearest, seen }: ConfigProblem): string | undefined {
  if (line === null || nearest === null || seen === null || seen === '') return undefined
  const start = offsetOf(text, line, 1)
  const end = offsetOf(text, line, Number.MAX_SAFE_INTEGER)
  const own = text.slice(start, end)
  const from = column === null ? 0 : Math.min(own.length, column - 1)
  const found = own.includes(seen, from) ? own.indexOf(seen, from) : own.indexOf(seen)
  if (found < 0) return undefined
  return text.slice(0, start + found) + nearest + text.slice(start + found + seen.length)
}

/** Errors first, then warnings, each in the order of the file; notes are for `config check`. */
export function shownInEditor(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const rank = { error: 0, warning: 1, note: 2 }
  return problems
    .filter(({ severity }) => severity !== 'note')
    .toSorted((one, other) => rank[one.severity] - rank[other.severity] || (one.line ?? 0) - (other.line ?? 0))
}
