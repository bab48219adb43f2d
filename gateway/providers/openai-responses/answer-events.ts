import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** The objects of a list that an upstream sent; nothing for any other value. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((entry) => isJsonObject(entry)) : []
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Parses one event's data; undefined for what is no JSON object, such as `[DONE]`. */
export function parseEvent(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
