import { isJsonObject, type JsonValue } from '../model/json.ts'

/** A field of a value that may be no object at all. */
export function objectField(value: JsonValue | undefined, field: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined
}
