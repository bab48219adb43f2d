import type { JsonObject, JsonValue } from '../../model/json.ts'

/** Where something stands in a file, both 1-based. */
export interface Place {
  readonly line: number
  readonly column: number
}

interface SourceBase {
  readonly place: Place
  /** Dotted path from the root: `model_list[3].litellm_params.rpm`; empty for the root. */
  readonly path: string
}

export interface SourceScalar extends SourceBase {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** The characters of the file, without quotes: `0.00000015` stays exact. */
  readonly text: string
  readonly quoted: boolean
}

export interface SourceMap extends SourceBase {
  readonly kind: 'map'
  readonly entries: readonly SourceEntry[]
}

export interface SourceList extends SourceBase {
  readonly kind: 'list'
  readonly items: readonly SourceNode[]
}

export type SourceNode = SourceScalar | SourceMap | SourceList

export interface SourceEntry {
  readonly key: string
  readonly keyPlace: Place
  readonly node: SourceNode
}

/** The entry of a map by key; undefined when the node is no map or has no such key. */
export function entryOf(node: SourceNode | undefined, key: string): SourceEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined
}

/** True when nothing was written: absent, or `key:` with nothing behind it. */
export function isEmptyNode(node: SourceNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null)
}

/** The value as written, references unresolved. */
export function plainValue(node: SourceNode): JsonValue {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plainValue)
  return plainObject(node)
}

/** The map as written. A key `__proto__` is an ordinary key: `fromEntries` defines it and sets no prototype. */
export function plainObject(node: SourceMap): JsonObject {
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plainValue(entry.node)]))
}

/** The path of a key inside a map: keys that are no plain words are quoted. */
export function pathOfKey(parent: string, key: string): string {
  const word = /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
  return parent === '' ? word : `${parent}.${word}`
}
