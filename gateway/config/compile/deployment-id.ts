import { createHash } from 'node:crypto'
import type { JsonValue } from '../../model/json.ts'

/**
 * A stable id for a deployment without one: 64 hex characters from its group and its parameters as written (references
 * by name, keys in any order), so that it survives reloads and changed secrets. `twin` counts identical entries before it.
 */
export function deploymentId(group: string, params: JsonValue, twin: number): string {
  const text = JSON.stringify([group, sorted(params), twin])
  return createHash('sha256').update(text).digest('hex')
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const pairs = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(pairs.map(([key, inner]) => [key, sorted(inner)]))
}
