import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { JsonObject } from '../../model/json.ts'

/** What a value breaks in a schema: its place in the value, and the rule in words that quote the schema alone. */
export interface SchemaFault {
  readonly place: string
  readonly rule: string
}

/** Checks values against JSON Schemas that clients wrote. */
export interface SchemaChecks {
  /** Undefined where the value fits, or where the schema is too large, broken, or of a kind that is not read. */
  check(schema: JsonObject, value: unknown): SchemaFault | undefined
}

/** Schemas beyond this are not compiled: that takes up to a fifth of a second, for which every request waits. */
const largestSchema = 16 * 1024
/** Compiled schemas that are kept: an agent has some dozens of tools and sends the same ones all day. */
const mostSchemas = 500

/** Compiled once per schema text, the longest unused one leaves first. */
export function createSchemaChecks(): SchemaChecks {
  const compiled = new Map<string, ValidateFunction | undefined>()
  // Made at the first use: most of the time of a small schema goes into the rules of JSON Schema itself.
  let plain: Ajv2020 | undefined

  const find = (schema: JsonObject): ValidateFunction | undefined => {
    const text = JSON.stringify(schema)
    if (text.length > largestSchema) return undefined
    const check = compiled.has(text) ? compiled.get(text) : compile(schema, text, () => (plain ??= createCompiler()))
    compiled.delete(text)
    compiled.set(text, check)
    const [oldest] = compiled.keys()
    if (compiled.size > mostSchemas && oldest !== undefined) compiled.delete(oldest)
    return check
  }
  return {
    check(schema, value) {
      try {
        const validate = find(schema)
        if (validate === undefined || validate(value)) return undefined
        const [error] = validate.errors ?? []
        return { place: error?.instancePath ?? '', rule: error?.message ?? 'must fit the schema' }
      } catch {
        // Nested too deep to be walked: nothing can be said.
        return undefined
      }
    },
  }
}

/** Undefined for a schema that cannot be compiled: the client's own business, and no reason to doubt a call. */
function compile(schema: JsonObject, text: string, plain: () => Ajv2020): ValidateFunction | undefined {
  // Regular expressions of a stranger may run for ever, and without them its other names would count as unknown.
  if (text.includes('"patternProperties"')) return undefined
  const { $schema: _dialect, ...rules } = schema
  // A compiler remembers every id that it has seen, and refuses it for a second schema.
  const compiler = /"\$(?:id|anchor|dynamicAnchor)"/u.test(text) ? createCompiler() : plain()
  try {
    return compiler.compile(rules)
  } catch {
    return undefined
  } finally {
    compiler.removeSchema(rules)
  }
}

function createCompiler(): Ajv2020 {
  const compiler = new Ajv2020({ strict: false, validateFormats: false, logger: false, addUsedSchema: false })
  compiler.removeKeyword('pattern')
  // Compares each item with each other one.
  compiler.removeKeyword('uniqueItems')
  return compiler
}
