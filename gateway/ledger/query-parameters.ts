import { GatewayError } from '../model/errors.ts'

/** A query string as it came, or the same from a program: nothing checked yet. */
export type QueryParameters = Readonly<Record<string, string | number | boolean | undefined>>

/** The text of a parameter; undefined when it is absent or empty, as forms send it. */
export function readText(query: QueryParameters, name: string): string | undefined {
  const value = query[name]
  return value === undefined || value === '' ? undefined : String(value)
}

/** A whole number in a range, or undefined when absent. Throws GatewayError `invalid_field`. */
export function readCount(
  query: QueryParameters,
  name: string,
  range: { readonly least: number; readonly most: number },
): number | undefined {
  const text = readText(query, name)
  if (text === undefined) return undefined
  const count = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (count >= range.least && count <= range.most) return count
  throw invalidParameter(name, `a whole number from ${range.least} to ${range.most}`, JSON.stringify(text))
}

/** `true`, `false`, `1` or `0`, or undefined when absent. Throws GatewayError `invalid_field`. */
export function readFlag(query: QueryParameters, name: string): boolean | undefined {
  const text = readText(query, name)?.toLowerCase()
  if (text === undefined) return undefined
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw invalidParameter(name, 'true or false', JSON.stringify(text))
}

/** The refusal of a parameter: what is wanted, what was seen. */
export function invalidParameter(name: string, wanted: string, seen: string): GatewayError {
  return new GatewayError('invalid_field', `${name} must be ${wanted}; got ${seen}.`, { param: name })
}
