import { isJsonObject, type JsonObject } from '../../model/json.ts'

/** The object in a JSON text; an empty text is an empty object (a call without arguments), anything else undefined. */
export function unwrapJsonObject(text: string): JsonObject | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
