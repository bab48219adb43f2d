import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** A 400 for a field of the wrong form. `wanted` completes "must be …". */
export function wrongField(path: string, wanted: string): GatewayError {
  return new GatewayError('invalid_field', `The field "${path}" must be ${wanted}.`, { param: path })
}

/** A 400 for something that only Anthropic's own API can do. `what` completes "cannot be carried to another provider". */
export function notCarried(path: string, what: string): GatewayError {
  return new GatewayError('unsupported_field', `${what} cannot be carried to another provider. Leave "${path}" out.`, {
    param: path,
  })
}

/** Absent counts as undefined, and so does null. */
export function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null
}

export function readText(value: JsonValue | undefined, path: string): string {
  if (typeof value !== 'string') throw wrongField(path, 'a text')
  return value
}

/** A text that may be absent. */
export function readOptionalText(value: JsonValue | undefined, path: string): string | undefined {
  return isAbsent(value) ? undefined : readText(value, path)
}

export function readObject(value: JsonValue | undefined, path: string): JsonObject {
  if (!isJsonObject(value)) throw wrongField(path, 'an object')
  return value
}

/** A list that may be absent, which counts as empty. */
export function readList(value: JsonValue | undefined, path: string): readonly JsonValue[] {
  if (isAbsent(value)) return []
  if (!Array.isArray(value)) throw wrongField(path, 'a list')
  return value
}

/** A number that may be absent. */
export function readNumber(value: JsonValue | undefined, path: string): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongField(path, 'a number')
  return value
}

/** A whole number of at least 1 that may be absent. */
export function readCount(value: JsonValue | undefined, path: string): number | undefined {
  if (isAbsent(value)) return undefined
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw wrongField(path, 'a whole number above 0')
  return Number(value)
}

/** A JSON text of a value. A value nested too deep to be written is the client's error. */
export function writeJson(value: JsonValue, path: string): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) throw wrongField(path, 'nested less deep')
    throw error
  }
}
