import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

export type SchemaReading =
  | { readonly kind: 'reduced'; readonly schema: JsonObject; readonly moved: readonly string[] }
  /** What keeps the schema from being enforced. */
  | { readonly kind: 'inexpressible'; readonly why: string }

/** No schema written by people is this deep; nesting beyond it is refused rather than walked. */
const deepest = 100

/** Keywords that are enforced as they stand. */
const kept = new Set(['type', 'enum', 'const', 'required', 'description', 'title', 'default', '$ref', '$id', '$schema'])
const formats = new Set('date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(' '))
const maps = new Set(['properties', '$defs', 'definitions'])
const lists = new Set(['anyOf', 'allOf', 'oneOf'])
const silent = new Set(['additionalProperties', '$comment', 'examples', 'deprecated', 'readOnly', 'writeOnly'])

/**
 * Cuts a JSON Schema down to what structured output enforces (limits of numbers and lengths, patterns and the like are
 * refused with a 400). What is taken out is said in the description of its place, so that the model still reads it.
 */
export function reduceSchema(schema: JsonObject): SchemaReading {
  try {
    const moved = new Set<string>()
    const reduced = reduceNode(schema, moved, 0)
    if (isRecursive(schema)) return { kind: 'inexpressible', why: 'the schema refers to itself' }
    return { kind: 'reduced', schema: reduced, moved: [...moved] }
  } catch (error) {
    if (error instanceof Inexpressible) return { kind: 'inexpressible', why: error.message }
    throw error
  }
}

class Inexpressible extends Error {}

function reduceNode(node: JsonObject, moved: Set<string>, depth: number): JsonObject {
  if (depth > deepest) throw new Inexpressible(`the schema is nested deeper than ${deepest} levels`)
  const reduced: JsonObject = {}
  const notes: string[] = []
  for (const [keyword, value] of Object.entries(node)) {
    const entry = reduceEntry(keyword, value, moved, depth)
    if (entry !== undefined) reduced[keyword === 'oneOf' ? 'anyOf' : keyword] = entry
    else if (!silent.has(keyword)) {
      moved.add(keyword)
      notes.push(`${keyword}: ${JSON.stringify(value)}`)
    }
  }
  if (isObjectSchema(node)) closeObject(node, reduced)
  if (notes.length > 0) {
    const said = typeof reduced.description === 'string' ? `${reduced.description} ` : ''
    reduced.description = `${said}(${notes.join(', ')})`
  }
  return reduced
}

/** A keyword's value where it can stay; undefined where it must go. */
function reduceEntry(keyword: string, value: JsonValue, moved: Set<string>, depth: number): JsonValue | undefined {
  if (kept.has(keyword)) return value
  if (keyword === 'format') return typeof value === 'string' && formats.has(value) ? value : undefined
  if (keyword === 'minItems') return value === 0 || value === 1 ? value : undefined
  if (keyword === 'items' && isJsonObject(value)) return reduceNode(value, moved, depth + 1)
  if (maps.has(keyword) && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, reduceAny(inner, moved, depth + 1)]))
  }
  if (lists.has(keyword) && Array.isArray(value)) return value.map((inner) => reduceAny(inner, moved, depth + 1))
  return undefined
}

function reduceAny(value: JsonValue, moved: Set<string>, depth: number): JsonValue {
  if (isJsonObject(value)) return reduceNode(value, moved, depth)
  // `true` allows anything, which has no enforceable form; an empty schema says the same.
  return value === true ? {} : value
}

function isObjectSchema(node: JsonObject): boolean {
  const types = Array.isArray(node.type) ? node.type : [node.type]
  return types.includes('object') || isJsonObject(node.properties)
}

/** Every object is closed. One that is a map of free keys would become empty by that, so it cannot be enforced. */
function closeObject(node: JsonObject, reduced: JsonObject): void {
  const isMap = !isJsonObject(node.properties) && node.additionalProperties !== false
  const isOpenMap = isJsonObject(node.additionalProperties) || isJsonObject(node.patternProperties)
  const hasVariants = [...lists].some((keyword) => Array.isArray(node[keyword]))
  if ((isMap && !hasVariants) || isOpenMap) throw new Inexpressible('the schema has objects with free keys')
  reduced.additionalProperties = false
}

/** Whether a definition leads back to itself, or a reference to the root. Walks with its own stack and sees each name once. */
function isRecursive(schema: JsonObject): boolean {
  const definitions = new Map<string, readonly string[]>()
  for (const group of ['$defs', 'definitions']) {
    const entries = schema[group]
    if (!isJsonObject(entries)) continue
    for (const [name, definition] of Object.entries(entries)) {
      definitions.set(`#/${group}/${name}`, referencesIn(definition))
    }
  }
  if (referencesIn(schema).includes('#')) return true
  return [...definitions.keys()].some((start) => leadsTo(start, definitions))
}

function leadsTo(start: string, definitions: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>()
  const pending = [...(definitions.get(start) ?? [])]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === start) return true
    if (seen.has(name)) continue
    seen.add(name)
    pending.push(...(definitions.get(name) ?? []))
  }
  return false
}

function referencesIn(value: JsonValue): string[] {
  const found: string[] = []
  const pending: JsonValue[] = [value]
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    if (Array.isArray(current)) pending.push(...current)
    else if (isJsonObject(current)) {
      if (typeof current.$ref === 'string') found.push(current.$ref)
      pending.push(...Object.values(current))
    }
  }
  return found
}
