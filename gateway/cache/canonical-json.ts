import type { JsonValue } from '../model/json.ts'

/**
 * One text for all spellings of a JSON value: keys sorted, no spaces, numbers and strings as JavaScript writes them.
 * Undefined when it holds a whole number that JSON.parse may have rounded: two different requests would look the same.
 */
export function canonicalJson(value: JsonValue): string | undefined {
  const pieces: string[] = []
  return write(value, pieces) ? pieces.join('') : undefined
}

function write(value: JsonValue, pieces: string[]): boolean {
  if (typeof value === 'number') {
    pieces.push(JSON.stringify(value))
    return !Number.isInteger(value) || Number.isSafeInteger(value)
  }
  if (Array.isArray(value)) return writeList(value, pieces)
  if (typeof value === 'object' && value !== null) return writeObject(value, pieces)
  pieces.push(JSON.stringify(value))
  return true
}

function writeList(list: readonly JsonValue[], pieces: string[]): boolean {
  for (const [index, item] of list.entries()) {
    pieces.push(index === 0 ? '[' : ',')
    if (!write(item, pieces)) return false
  }
  pieces.push(list.length === 0 ? '[]' : ']')
  return true
}

function writeObject(object: Readonly<Record<string, JsonValue>>, pieces: string[]): boolean {
  const entries = Object.entries(object).toSorted(([left], [right]) => (left < right ? -1 : 1))
  for (const [index, [key, inner]] of entries.entries()) {
    pieces.push(index === 0 ? '{' : ',', JSON.stringify(key), ':')
    if (!write(inner, pieces)) return false
  }
  pieces.push(entries.length === 0 ? '{}' : '}')
  return true
}
