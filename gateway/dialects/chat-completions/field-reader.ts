import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** A field of the wrong kind: says where it stands and what is wanted. */
export function invalidField(path: string, wanted: string): GatewayError {
  return new GatewayError('invalid_field', `The field "${path}" must be ${wanted}.`, { param: path })
}

/** A field that has to be there. */
export function missingField(path: string, wanted: string): GatewayError {
  return new GatewayError('missing_field', `The field "${path}" is missing; ${wanted} is wanted.`, { param: path })
}

/** Null counts as absent, as OpenAI's own clients send it. */
export function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null
}

export function optionalNumber(body: JsonObject, field: string): number | undefined {
  const value = body[field]
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number') throw invalidField(field, 'a number')
  return value
}

/** A whole number above 0. */
export function optionalCount(body: JsonObject, field: string): number | undefined {
  const value = optionalNumber(body, field)
  if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
    throw invalidField(field, 'a whole number above 0')
  }
  return value
}

export function optionalText(body: JsonObject, field: string): string | undefined {
  const value = body[field]
  if (isAbsent(value)) return undefined
  if (typeof value !== 'string') throw invalidField(field, 'a text')
  return value
}

export function optionalFlag(body: JsonObject, field: string): boolean | undefined {
  const value = body[field]
  if (isAbsent(value)) return undefined
  if (typeof value !== 'boolean') throw invalidField(field, 'true or false')
  return value
}

export function optionalObject(body: JsonObject, field: string): JsonObject | undefined {
  const value = body[field]
  if (isAbsent(value)) return undefined
  if (!isJsonObject(value)) throw invalidField(field, 'an object')
  return value
}

/** A list of objects; absent is the empty list. `path` is the list's own place. */
export function objectList(value: JsonValue | undefined, path: string): JsonObject[] {
  if (isAbsent(value)) return []
  if (!Array.isArray(value)) throw invalidField(path, 'a list')
  return value.map((entry, position) => {
    if (!isJsonObject(entry)) throw invalidField(`${path}[${position}]`, 'an object')
    return entry
  })
}
