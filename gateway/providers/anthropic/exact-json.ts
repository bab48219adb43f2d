import type { JsonValue } from '../../model/json.ts'

/** Numbers that may be more exact than JavaScript's, or spelt in a way it would change. */
const delicateNumber = /\d{16}|\d[.eE]/

/**
 * Parses JSON so that writing it again keeps every number as it was spelt. Numbers that JavaScript would change come out
 * as raw values, which only `JSON.stringify` understands. Throws SyntaxError.
 */
export function parseExact(text: string): JsonValue {
  if (!delicateNumber.test(text)) return JSON.parse(text) as JsonValue
  return JSON.parse(text, keepSpelling) as JsonValue
}

function keepSpelling(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value
  return rawJson(source)
}

/** TypeScript's library does not know `JSON.rawJSON` yet (Node 22 and newer have it). */
function rawJson(source: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source)
}
