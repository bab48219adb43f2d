import type { JsonValue } from '../model/json.ts'

/** Bytes of a value as compact JSON. Walks with its own stack, so that no depth of nesting can overflow ours. */
export function jsonBytes(value: JsonValue): number {
  const pending: JsonValue[] = [value]
  let bytes = 0
  while (pending.length > 0) {
    const current = pending.pop()
    if (Array.isArray(current)) {
      bytes += bracketBytes(current.length)
      for (const entry of current) pending.push(entry)
    } else if (typeof current === 'object' && current !== null) {
      const entries = Object.entries(current)
      bytes += bracketBytes(entries.length)
      for (const [key, entry] of entries) {
        bytes += textBytes(key) + 1
        pending.push(entry)
      }
    } else {
      bytes += textBytes(current)
    }
  }
  return bytes
}

/** The brackets and the commas between `count` entries. */
function bracketBytes(count: number): number {
  return 2 + Math.max(0, count - 1)
}

function textBytes(value: string | number | boolean | null | undefined): number {
  return Buffer.byteLength(JSON.stringify(value ?? null))
}
