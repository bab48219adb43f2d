import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { type Format, lineEnd, UnreadableFileError, unreadableAt, type ValuePath } from './format.ts'

type KeyValue = AST.TOMLKeyValue
type Table = AST.TOMLTable

/** TOML, edited by places of its syntax tree: values, lines of keys, and whole tables. */
export const toml: Format = {
  parse: (text) => JSON.parse(JSON.stringify(getStaticTOMLValue(read(text)))) as JsonValue,
  set(text, path, value) {
    const program = read(text)
    const pair = findPair(program, path)
    if (pair !== undefined) return splice(text, pair.value.range, inline(value))
    if (!isJsonObject(value)) return insertPair(text, program, path, value)
    requireOpenTable(text, program, path)
    const table = `${headerOf(path)}${lineEnd(text)}${lines(value, lineEnd(text))}`
    const [first] = tablesBelow(program, path)
    if (first === undefined) return append(text, table)
    const at = first.range[0]
    // All tables of ours go, the new one stands where the first of them stood.
    return splice(removeTables(text, path), [at, at], table)
  },
  remove(text, path) {
    const pair = findPair(read(text), path)
    return pair === undefined ? removeTables(text, path) : cutLine(text, pair.range)
  },
}

function read(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.0' })
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new UnreadableFileError('It is no TOML: a value or key is wrong here.', error.lineNumber, error.column + 1)
  }
}

function top(program: AST.TOMLProgram): AST.TOMLTopLevelTable {
  return program.body[0]
}

function tablesOf(program: AST.TOMLProgram): Table[] {
  return top(program).body.filter((node) => node.type === 'TOMLTable')
}

function namesOf(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))
}

interface PlacedPair {
  readonly pair: KeyValue
  readonly names: readonly (string | number)[]
  /** How many of the names are in the header of its table. */
  readonly header: number
}

function pairsOf(program: AST.TOMLProgram): PlacedPair[] {
  const inTop = top(program).body.filter((node) => node.type === 'TOMLKeyValue')
  return [
    ...inTop.map((pair) => ({ pair, names: namesOf(pair.key), header: 0 })),
    ...tablesOf(program).flatMap(({ resolvedKey, body }) =>
      body.map((pair) => ({ pair, names: [...resolvedKey, ...namesOf(pair.key)], header: resolvedKey.length })),
    ),
  ]
}

function startsWith(path: ValuePath, start: ValuePath): boolean {
  return start.every((step, index) => path[index] === step)
}

function findPair(program: AST.TOMLProgram, path: ValuePath): KeyValue | undefined {
  return pairsOf(program).find(({ names }) => names.length === path.length && startsWith(names, path))?.pair
}

/** A table on one line, or of dotted keys, is closed: a header for it would be no TOML any more. @throws UnreadableFileError */
function requireOpenTable(text: string, program: AST.TOMLProgram, path: ValuePath): void {
  const closed = pairsOf(program).find(
    ({ names, header }) => startsWith(path, names) || (startsWith(names, path) && header < path.length),
  )
  if (closed === undefined) return
  throw unreadableAt(text, closed.pair.range[0], `Write this as a table of its own first: ${headerOf(path)}.`)
}

/** The table at a path and those inside it. */
function tablesBelow(program: AST.TOMLProgram, path: ValuePath): Table[] {
  return tablesOf(program).filter(({ resolvedKey }) => startsWith(resolvedKey, path))
}

function removeTables(text: string, path: ValuePath): string {
  return tablesBelow(read(text), path)
    .toReversed()
    .reduce((current, table) => cutLine(current, table.range), text)
}

function insertPair(text: string, program: AST.TOMLProgram, path: ValuePath, value: JsonValue): string {
  const end = lineEnd(text)
  const line = `${quoteKey(String(path.at(-1)))} = ${inline(value)}`
  const owner = path.slice(0, -1)
  if (owner.length === 0) {
    const last = top(program).body.findLast((node) => node.type === 'TOMLKeyValue')
    if (last !== undefined) return afterLine(text, last.range[1], line)
    const first = tablesOf(program)[0]
    return first === undefined ? append(text, line) : splice(text, [first.range[0], first.range[0]], line + end + end)
  }
  const table = tablesOf(program).find(
    ({ resolvedKey }) =>
      resolvedKey.length === owner.length && owner.every((step, index) => resolvedKey[index] === step),
  )
  if (table !== undefined) return afterLine(text, table.body.at(-1)?.range[1] ?? table.key.range[1] + 1, line)
  requireOpenTable(text, program, owner)
  return append(text, `${headerOf(owner)}${end}${line}`)
}

function afterLine(text: string, from: number, line: string): string {
  const newline = text.indexOf('\n', from)
  if (newline < 0) return text + lineEnd(text) + line + lineEnd(text)
  return splice(text, [newline + 1, newline + 1], line + lineEnd(text))
}

function append(text: string, block: string): string {
  const end = lineEnd(text)
  const gap = text === '' ? '' : text.endsWith('\n') ? end : end + end
  return text + gap + block + end
}

/** Without the part and the rest of its last line where that is blank. */
function cutLine(text: string, [start, end]: readonly [number, number]): string {
  const tail = /^[ \t]*(?:#[^\n]*)?\r?\n?/u.exec(text.slice(end))?.[0].length ?? 0
  return text.slice(0, start) + text.slice(end + tail)
}

function splice(text: string, [start, end]: readonly [number, number], put: string): string {
  return text.slice(0, start) + put + text.slice(end)
}

function headerOf(path: ValuePath): string {
  return `[${path.map((step) => quoteKey(String(step))).join('.')}]`
}

function lines(table: JsonObject, end: string): string {
  return Object.entries(table)
    .map(([key, value]) => `${quoteKey(key)} = ${inline(value)}`)
    .join(end)
}

/** A value on one line. @throws UnreadableFileError for null, which TOML has not */
function inline(value: JsonValue): string {
  if (value === null) throw new UnreadableFileError('TOML has no null.', 1, 1)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (isJsonObject(value)) {
    const parts = Object.entries(value).map(([key, part]) => `${quoteKey(key)} = ${inline(part)}`)
    return `{ ${parts.join(', ')} }`
  }
  // JSON's escapes are TOML's, but for DEL, which TOML wants escaped.
  return JSON.stringify(value).replaceAll('\u007F', '\\u007F')
}

function quoteKey(key: string): string {
  return /^[\w-]+$/u.test(key) ? key : JSON.stringify(key)
}
