import { isJsonObject, type JsonValue } from '../model/json.ts'
import { ourId, ourName } from './agent.ts'

/**
 * The id of our provider in a file that may have another one under the same name: ours is the one that points at this
 * gateway or at a loopback address. Somebody else's stays, and we take the next free id.
 * @param providers what the file holds by provider id
 * @param urlOf the base URL of one of them
 */
export function freeId(
  providers: JsonValue | undefined,
  url: string,
  urlOf: (provider: JsonValue) => JsonValue | undefined,
): string {
  const known = isJsonObject(providers) ? providers : {}
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? ourId : `${ourId}-${number}`
    const provider = Object.hasOwn(known, id) ? known[id] : undefined
    if (provider === undefined || pointsHere(urlOf(provider), url)) return id
  }
}

/** The same for the items of a list, which go by their names. */
export function freeName(
  items: JsonValue | undefined,
  url: string,
  urlOf: (item: JsonValue) => JsonValue | undefined,
): string {
  const known = Array.isArray(items) ? items.filter(isJsonObject) : []
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? ourName : `${ourName} ${number}`
    if (known.every((item) => item['name'] !== name || pointsHere(urlOf(item), url))) return name
  }
}

function pointsHere(base: JsonValue | undefined, url: string): boolean {
  if (base === undefined || base === null) return true
  if (typeof base !== 'string') return false
  return (
    base.startsWith(url) ||
    /^https?:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]|host\.docker\.internal)(?::\d+)?(?:\/|$)/u.test(base)
  )
}

/** A part of content that may have any shape; undefined where the path leads nowhere. */
export function part(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (owner, key) => (isJsonObject(owner) && Object.hasOwn(owner, key) ? owner[key] : undefined),
    value,
  )
}
