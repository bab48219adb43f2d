import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** What a server said to one probe. Names of headers in lower case; the body as far as it was read. */
export interface ProbeAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

/**
 * How a probe ended. `refused`: nobody listens (which proves that the host is there). `silent`: no connection, or a
 * connection without an answer, within the time. `not_http`: something answered that is no HTTP (TLS, a database).
 * `untrusted`: its certificate is of nobody who is known here, of another name, or has expired.
 */
export type ProbeOutcome =
  | { readonly kind: 'answer'; readonly answer: ProbeAnswer }
  | {
      readonly kind: 'refused' | 'unreachable' | 'unknown_name' | 'silent' | 'not_http' | 'untrusted' | 'reset'
      /** The errno where there is one. */
      readonly code: string | undefined
      /** True once the connection stood. */
      readonly connected: boolean
      readonly elapsedMs: number
    }

/** The JSON of an answer of status 2xx; undefined for anything else, LM Studio's 200 with an error text included. */
export function jsonOf(answer: ProbeAnswer | undefined): JsonValue | undefined {
  if (answer === undefined || answer.status < 200 || answer.status > 299) return undefined
  const value = anyJson(answer)
  return isJsonObject(value) && typeof value.error === 'string' ? undefined : value
}

/** The JSON object of an answer of status 2xx, else undefined. */
export function objectOf(answer: ProbeAnswer | undefined): JsonObject | undefined {
  const value = jsonOf(answer)
  return isJsonObject(value) ? value : undefined
}

/** The JSON of an answer, whatever its status. */
export function anyJson(answer: ProbeAnswer): JsonValue | undefined {
  try {
    return JSON.parse(answer.text) as JsonValue
  } catch {
    return undefined
  }
}

/** The objects of a list; empty for anything that is no list. */
export function objectsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((entry) => isJsonObject(entry)) : []
}

/** A non-empty text, else undefined. */
export function textIn(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A finite number above zero, else undefined. */
export function sizeIn(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined
}
