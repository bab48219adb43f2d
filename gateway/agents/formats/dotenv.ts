import type { JsonObject, JsonValue } from '../../model/json.ts'
import { type Format, lineEnd, unreadableAt, type ValuePath } from './format.ts'

const assignment = /^[ \t]*(?:export[ \t]+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=(?<value>.*)$/u

/** Lines of `NAME=value`. Anything else in the file is kept as it is: shells and libraries differ in what they read. */
export const dotenv: Format = {
  parse(text) {
    const values: Record<string, JsonValue> = {}
    for (const line of text.split(/\r?\n/u)) {
      const found = assignment.exec(line)?.groups
      if (found?.['name'] !== undefined) values[found['name']] = unquoted(found['value'] ?? '')
    }
    return values satisfies JsonObject
  },
  set(text, path, value) {
    const name = nameOf(text, path)
    const line = `${name}=${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`
    const lines = text.split('\n')
    const at = lastIndexOf(lines, name)
    if (at >= 0) {
      lines[at] = line + (lines[at]?.endsWith('\r') === true ? '\r' : '')
      return lines.join('\n')
    }
    const end = lineEnd(text)
    const gap = text === '' || text.endsWith('\n') ? '' : end
    return text + gap + line + end
  },
  remove(text, path) {
    const lines = text.split('\n')
    const at = lastIndexOf(lines, nameOf(text, path))
    return at < 0 ? text : lines.toSpliced(at, 1).join('\n')
  },
}

function nameOf(text: string, [name, ...rest]: ValuePath): string {
  if (typeof name === 'string' && rest.length === 0) return name
  throw unreadableAt(text, 0, 'A file of variables has no parts inside a variable.')
}

/** The last one of a name holds. */
function lastIndexOf(lines: readonly string[], name: string): number {
  return lines.findLastIndex((line) => assignment.exec(line.replace(/\r$/u, ''))?.groups?.['name'] === name)
}

function quoted(value: string): string {
  return /^[\w@%+,./:=-]*$/u.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

function unquoted(text: string): string {
  const value = text.trim()
  const quote = value[0]
  if ((quote === '"' || quote === "'") && value.length > 1 && value.endsWith(quote)) {
    return value.slice(1, -1).replaceAll(`'\\''`, "'")
  }
  return value.replace(/[ \t]+#.*$/u, '')
}
