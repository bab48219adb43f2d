import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** Deepest nesting of a request that is read. Schemas and arguments of real clients stay far below. */
export const deepest = 400

/** The value of a field that may be spelled in camel or in snake case; null counts as absent. */
export function pick(object: JsonObject, name: string): JsonValue | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  if (value !== undefined && value !== null) return value
  const snake = snakeCase(name)
  const other = Object.hasOwn(object, snake) ? object[snake] : undefined
  return other === null ? undefined : other
}

/** Everything in an object but the named fields in both spellings. */
export function rest(object: JsonObject, names: readonly string[]): JsonObject {
  const known = new Set(names.flatMap((name) => [name, snakeCase(name)]))
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => !known.has(key) && value !== null))
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_field', `The field "${param}" must be ${wanted}.`, { param })
}

export function optionalText(object: JsonObject, name: string, at = ''): string | undefined {
  const value = pick(object, name)
  if (value !== undefined && typeof value !== 'string') throw invalid(at + name, 'a text')
  return value
}

export function optionalNumber(object: JsonObject, name: string, at = ''): number | undefined {
  const value = pick(object, name)
  if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value)))
    throw invalid(at + name, 'a number')
  return value
}

export function optionalWhole(object: JsonObject, name: string, least: number, at = ''): number | undefined {
  const value = optionalNumber(object, name, at)
  if (value !== undefined && (!Number.isSafeInteger(value) || value < least)) {
    throw invalid(at + name, `a whole number of at least ${least}`)
  }
  return value
}

export function optionalObject(object: JsonObject, name: string, at = ''): JsonObject | undefined {
  const value = pick(object, name)
  if (value !== undefined && !isJsonObject(value)) throw invalid(at + name, 'an object')
  return value
}

/** A list of objects; one object alone stands for a list of it, as the service accepts it. */
export function objectList(value: JsonValue | undefined, param: string): readonly JsonObject[] {
  if (value === undefined) return []
  const list = Array.isArray(value) ? value : [value]
  const wrong = list.findIndex((entry) => !isJsonObject(entry))
  if (wrong !== -1) throw invalid(Array.isArray(value) ? `${param}[${wrong}]` : param, 'an object')
  return list as JsonObject[]
}

/** @throws GatewayError `invalid_field` for nesting beyond what is read; uses no stack */
export function requireShallow(body: JsonObject): void {
  let level: JsonValue[] = [body]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) {
      throw new GatewayError('invalid_field', `The request is nested deeper than ${deepest} levels; that is not read.`)
    }
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
}
