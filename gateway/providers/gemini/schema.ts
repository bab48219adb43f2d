import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** Keys of `parametersJsonSchema` and `responseJsonSchema` that the compiler gives out. */
export const jsonSchemaKeys: ReadonlySet<string> = new Set([
  'additionalProperties',
  'anyOf',
  'description',
  'enum',
  'format',
  'items',
  'maxItems',
  'maximum',
  'minItems',
  'minimum',
  'prefixItems',
  'properties',
  'required',
  'title',
  'type',
])

/** Deepest nesting that is kept. Below it a schema says nothing, which is also where a schema that contains itself ends. */
const deepest = 24
/** How often a reference may be written out inside itself. */
const repeatsOfReference = 1
/** A schema that would grow beyond this many nodes by writing out its references loses the rest. */
const mostNodes = 20_000

export interface CompiledSchema {
  readonly schema: JsonObject
  /** Keywords that this API cannot hold, each once. */
  readonly lost: readonly string[]
}

/**
 * Compiles a JSON Schema to the subset that Gemini accepts as `parametersJsonSchema` and `responseJsonSchema`: references
 * written out (a schema that contains itself ends after one round), `allOf` merged, `const` and `oneOf` rewritten,
 * exclusive bounds made inclusive, `required` held to the properties there are. Only known keys come out.
 */
export function compileSchema(source: JsonObject): CompiledSchema {
  const compiler = new SchemaCompiler(source)
  const schema = compiler.compile(source)
  return { schema, lost: [...compiler.lost] }
}

/** True for an object schema without properties, which must be left out as a whole. */
export function isEmptyObjectSchema(schema: JsonObject): boolean {
  const onlyObject = schema.type === 'object' || schema.type === undefined
  const properties = schema.properties
  const hasProperties = isJsonObject(properties) && Object.keys(properties).length > 0
  return onlyObject && !hasProperties && schema.anyOf === undefined && !isJsonObject(schema.additionalProperties)
}

interface Place {
  readonly depth: number
  /** References being written out above this place. */
  readonly open: readonly string[]
}

/** Keywords that only describe or say how to read, whose loss changes nothing. */
const silent = new Set([
  '$anchor',
  '$comment',
  '$defs',
  '$id',
  '$schema',
  'default',
  'definitions',
  'deprecated',
  'example',
  'examples',
  'nullable',
  'propertyOrdering',
  'readOnly',
  'strict',
  'writeOnly',
])

const handled = new Set(['$ref', 'allOf', 'const', 'exclusiveMaximum', 'exclusiveMinimum', 'oneOf'])

const typeNames = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'])

const formats: Readonly<Record<string, ReadonlySet<string>>> = {
  string: new Set(['date', 'date-time', 'enum', 'time']),
  number: new Set(['double', 'float']),
  integer: new Set(['int32', 'int64']),
}

class SchemaCompiler {
  readonly lost = new Set<string>()
  readonly #root: JsonObject
  #nodes = 0

  constructor(root: JsonObject) {
    this.#root = root
  }

  compile(source: JsonValue | undefined, place: Place = { depth: 0, open: [] }): JsonObject {
    this.#nodes += 1
    if (!isJsonObject(source) || place.depth > deepest || this.#nodes > mostNodes) return {}
    const resolved = this.#resolve(source, place)
    if (resolved === undefined) return {}
    const { schema, open } = resolved
    const inner: Place = { depth: place.depth + 1, open }
    for (const key of Object.keys(schema)) {
      if (!jsonSchemaKeys.has(key) && !silent.has(key) && !handled.has(key)) this.lost.add(key)
    }
    const result: JsonObject = {}
    this.#describe(schema, result)
    this.#setType(schema, result)
    this.#setBounds(schema, result)
    this.#setChoices(schema, result, inner)
    this.#setObject(schema, result, inner)
    this.#setArray(schema, result, inner)
    this.#setFormat(schema, result)
    return result
  }

  /** The schema with its reference and `allOf` written into it; undefined where it would go round in circles. */
  #resolve(source: JsonObject, place: Place): { schema: JsonObject; open: readonly string[] } | undefined {
    let schema = source
    let open = place.open
    for (let step = 0; step < 2 * deepest; step += 1) {
      if (typeof schema.$ref === 'string') {
        const name = schema.$ref
        if (open.filter((entry) => entry === name).length > repeatsOfReference) {
          this.lost.add('$ref to itself')
          return undefined
        }
        const target = pointedAt(this.#root, name)
        if (target === undefined) this.lost.add(`$ref ${name.slice(0, 80)}`)
        const { $ref: _reference, ...siblings } = schema
        schema = merge(target ?? {}, siblings)
        open = [...open, name]
      } else if (Array.isArray(schema.allOf)) {
        const { allOf, ...rest } = schema
        schema = allOf.filter((part) => isJsonObject(part)).reduce(merge, rest)
      } else return { schema, open }
    }
    this.lost.add('$ref to itself')
    return undefined
  }

  #describe(schema: JsonObject, result: JsonObject): void {
    if (typeof schema.title === 'string') result.title = schema.title
    if (typeof schema.description === 'string') result.description = schema.description
  }

  #setType(schema: JsonObject, result: JsonObject): void {
    const written = (Array.isArray(schema.type) ? schema.type : [schema.type])
      .filter((name): name is string => typeof name === 'string')
      .map((name) => name.toLowerCase())
      .filter((name) => typeNames.has(name))
    const types = [...new Set(written.length === 0 ? impliedTypes(schema) : written)]
    if (schema.nullable === true && types.length > 0 && !types.includes('null')) types.push('null')
    if (types.length === 1 && types[0] !== undefined) result.type = types[0]
    else if (types.length > 1) result.type = types
  }

  #setBounds(schema: JsonObject, result: JsonObject): void {
    const minimum = numberOf(schema.minimum) ?? numberOf(schema.exclusiveMinimum)
    const maximum = numberOf(schema.maximum) ?? numberOf(schema.exclusiveMaximum)
    if (minimum !== undefined) result.minimum = minimum
    if (maximum !== undefined) result.maximum = maximum
  }

  #setChoices(schema: JsonObject, result: JsonObject, inner: Place): void {
    const values = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? undefined : [schema.const]
    if (values !== undefined) this.#setEnum(values, result)
    const branches = Array.isArray(schema.anyOf) ? schema.anyOf : schema.oneOf
    if (Array.isArray(branches) && branches.length > 0) {
      result.anyOf = branches.map((branch) => this.compile(branch, inner))
    }
  }

  /** Only texts and numbers may be listed, and no empty text. The null of a list becomes a type. */
  #setEnum(values: readonly JsonValue[], result: JsonObject): void {
    const listed = values.filter((value) => typeof value === 'string' || typeof value === 'number')
    const kept = listed.filter((value) => value !== '')
    if (kept.length < listed.length || listed.length < values.filter((value) => value !== null).length) {
      this.lost.add('enum values that are no text or number')
    }
    // A list that had to lose a value must not forbid it: then the type alone stands.
    if (kept.length > 0 && kept.length === values.filter((value) => value !== null).length) result.enum = kept
    if (values.includes(null)) allowNull(result)
  }

  #setObject(schema: JsonObject, result: JsonObject, inner: Place): void {
    if (isJsonObject(schema.properties)) {
      const properties: JsonObject = {}
      for (const [name, value] of Object.entries(schema.properties)) set(properties, name, this.compile(value, inner))
      if (Object.keys(properties).length > 0) result.properties = properties
    }
    const properties = isJsonObject(result.properties) ? result.properties : {}
    if (Array.isArray(schema.required)) {
      const named = schema.required.filter((name) => typeof name === 'string' && Object.hasOwn(properties, name))
      if (named.length > 0) result.required = [...new Set(named)]
    }
    if (typeof schema.additionalProperties === 'boolean') result.additionalProperties = schema.additionalProperties
    else if (isJsonObject(schema.additionalProperties)) {
      result.additionalProperties = this.compile(schema.additionalProperties, inner)
    }
  }

  #setArray(schema: JsonObject, result: JsonObject, inner: Place): void {
    const { items } = schema
    const tuple = Array.isArray(schema.prefixItems) ? schema.prefixItems : items
    if (Array.isArray(tuple) && tuple.length > 0) {
      result.prefixItems = tuple.map((item) => this.compile(item, inner))
    }
    if (isJsonObject(items)) result.items = this.compile(items, inner)
    else if (hasType(result, 'array') && result.prefixItems === undefined) result.items = {}
    for (const key of ['minItems', 'maxItems']) {
      const count = numberOf(schema[key])
      if (count !== undefined) result[key] = count
    }
  }

  #setFormat(schema: JsonObject, result: JsonObject): void {
    if (typeof schema.format !== 'string') return
    const fits = Object.entries(formats).some(
      ([type, known]) => hasType(result, type) && known.has(schema.format as string),
    )
    if (fits) result.format = schema.format
  }
}

/** What `#/…` points at in the schema itself; undefined for other documents and for what is not there. */
function pointedAt(root: JsonObject, reference: string): JsonObject | undefined {
  if (!reference.startsWith('#')) return undefined
  let at: JsonValue | undefined = root
  for (const step of reference
    .slice(1)
    .split('/')
    .filter((part) => part !== '')) {
    const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(at)) at = at[Number(name)]
    else at = isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }
  return isJsonObject(at) ? at : undefined
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

/** Two schemas that both hold: properties and required names of both, for the rest the second's word. */
function merge(first: JsonObject, second: JsonObject): JsonObject {
  const merged: JsonObject = { ...first, ...second }
  if (isJsonObject(first.properties) && isJsonObject(second.properties)) {
    merged.properties = { ...first.properties, ...second.properties }
  }
  if (Array.isArray(first.required) && Array.isArray(second.required)) {
    merged.required = [...first.required, ...second.required]
  }
  if (Array.isArray(first.allOf) && Array.isArray(second.allOf)) merged.allOf = [...first.allOf, ...second.allOf]
  return merged
}

function impliedTypes(schema: JsonObject): string[] {
  if (isJsonObject(schema.properties)) return ['object']
  if (isJsonObject(schema.items) || isFilledList(schema.items) || isFilledList(schema.prefixItems)) return ['array']
  const values = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? [] : [schema.const]
  const kinds = new Set(values.filter((value) => value !== null).map((value) => typeof value))
  if (kinds.size !== 1) return []
  const [kind] = kinds
  return kind === 'string' || kind === 'number' || kind === 'boolean' ? [kind] : []
}

function isFilledList(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0
}

function allowNull(result: JsonObject): void {
  if (typeof result.type === 'string' && result.type !== 'null') result.type = [result.type, 'null']
  else if (Array.isArray(result.type) && !result.type.includes('null')) result.type = [...result.type, 'null']
}

function hasType(schema: JsonObject, name: string): boolean {
  return schema.type === name || (Array.isArray(schema.type) && schema.type.includes(name))
}

function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** A property may be called `__proto__`: it is then a name like any other. */
function set(target: JsonObject, name: string, value: JsonValue): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
