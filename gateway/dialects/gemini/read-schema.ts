import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import { deepest, invalid } from './fields.ts'

const typeNames = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

/** Counts that the protobuf form writes as text. */
const counts = new Set(['maxItems', 'maxLength', 'maxProperties', 'minItems', 'minLength', 'minProperties'])

const snakeNames: Readonly<Record<string, string>> = {
  additional_properties: 'additionalProperties',
  any_of: 'anyOf',
  max_items: 'maxItems',
  max_length: 'maxLength',
  max_properties: 'maxProperties',
  min_items: 'minItems',
  min_length: 'minLength',
  min_properties: 'minProperties',
  prefix_items: 'prefixItems',
  property_ordering: 'propertyOrdering',
}

/**
 * Reads a schema of Gemini to JSON Schema: type words in lower case, `nullable` as a type, counts as numbers. Clients put
 * upper-case types into the JSON Schema fields as well, so all four fields are read alike. Unknown keywords stay.
 *
 * @param param the field, for errors
 */
export function readSchema(value: JsonValue, param: string, depth = 0): JsonObject {
  if (value === true) return {}
  if (!isJsonObject(value)) throw invalid(param, 'a schema object')
  if (depth > deepest) throw invalid(param, `nested less than ${deepest} levels deep`)
  const schema: JsonObject = {}
  for (const [written, inner] of Object.entries(value)) {
    const key = snakeNames[written] ?? written
    const read = readKeyword(key, inner, param, depth + 1)
    if (read !== undefined) define(schema, key, read)
  }
  return value.nullable === true ? allowNull(schema) : schema
}

function readKeyword(key: string, value: JsonValue, param: string, depth: number): JsonValue | undefined {
  if (key === 'nullable' || key === 'propertyOrdering') return undefined
  if (key === 'type') return Array.isArray(value) ? value.map((name) => readType(name)) : readType(value)
  if (counts.has(key) && typeof value === 'string')
    return Number.isSafeInteger(Number(value)) ? Number(value) : undefined
  if (mapKeywords.has(key) && isJsonObject(value)) return readMap(value, param, depth)
  if (listKeywords.has(key) && Array.isArray(value)) {
    return value.map((entry) => (isJsonObject(entry) ? readSchema(entry, param, depth) : entry))
  }
  if (schemaKeywords.has(key) && isJsonObject(value)) return readSchema(value, param, depth)
  return value
}

const mapKeywords = new Set(['$defs', 'definitions', 'patternProperties', 'properties'])
const listKeywords = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const schemaKeywords = new Set(['additionalProperties', 'items', 'not'])

function readMap(value: JsonObject, param: string, depth: number): JsonObject {
  const result: JsonObject = {}
  for (const [name, inner] of Object.entries(value)) {
    define(result, name, isJsonObject(inner) ? readSchema(inner, param, depth) : inner)
  }
  return result
}

function readType(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return value
  const name = value.toLowerCase()
  return typeNames.has(name) ? name : value
}

function allowNull(schema: JsonObject): JsonObject {
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]
  return types.length === 0 || types.includes('null') ? schema : { ...schema, type: [...types, 'null'] }
}

/** A property may be called `__proto__`: it is then a name like any other. */
function define(target: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
