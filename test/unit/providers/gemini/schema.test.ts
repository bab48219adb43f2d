import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../gateway/model/json.ts'
import { compileSchema, jsonSchemaKeys } from '../../../../gateway/providers/gemini/schema.ts'

const fixture = new URL('../../../fixtures/wires/gemini/tool-schemas.json', import.meta.url)
const corpus = JSON.parse(readFileSync(fixture, 'utf8')) as { readonly schemas: Record<string, JsonObject> }

const compiled = (source: JsonObject) => compileSchema(source).schema

/** Every schema object inside a schema, without the names of properties. */
function schemasIn(value: JsonValue | undefined): JsonObject[] {
  if (!isJsonObject(value)) return []
  const named = isJsonObject(value.properties) ? Object.values(value.properties) : []
  const listed = [value.anyOf, value.prefixItems].flatMap((list) => (Array.isArray(list) ? list : []))
  return [value, ...[...named, ...listed, value.items, value.additionalProperties].flatMap((inner) => schemasIn(inner))]
}

const keyword = fc.constantFrom(
  '$defs',
  '$id',
  '$ref',
  '$schema',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'default',
  'deprecated',
  'description',
  'enum',
  'exclusiveMinimum',
  'format',
  'if',
  'items',
  'maxItems',
  'maximum',
  'multipleOf',
  'not',
  'nullable',
  'oneOf',
  'pattern',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
  'type',
  'uniqueItems',
)

const { schema: anySchema } = fc.letrec<{ schema: JsonObject; value: JsonValue }>((tie) => ({
  schema: fc.dictionary(keyword, tie('value'), { maxKeys: 7 }),
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('object', 'string', 'array', 'INTEGER', '#', '#/$defs/a', '#/properties/type', '', 'date-time'),
    fc.oneof(fc.boolean(), fc.integer(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'type'), tie('schema'), { maxKeys: 3 }),
    tie('schema'),
  ),
}))

describe('the schema compiler', () => {
  it('pitfall 55, 79: only allowed keys come out of any schema, with the values they may have', () => {
    fc.assert(
      fc.property(anySchema, (source) => {
        for (const schema of schemasIn(compiled(source))) {
          for (const key of Object.keys(schema)) expect(jsonSchemaKeys).toContain(key)
          const { properties, required, items } = schema
          const names = isJsonObject(properties) ? Object.keys(properties) : []
          if (Array.isArray(required)) expect(names).toEqual(expect.arrayContaining(required))
          if (items !== undefined) expect(isJsonObject(items)).toBe(true)
          if (Array.isArray(schema.enum)) expect(schema.enum).not.toContain('')
          if (schema.type === 'array') expect(items ?? schema.prefixItems).toBeDefined()
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each(Object.entries(corpus.schemas))(
    'pitfall 55: the schema of a tool as generators write it: %s',
    (_name, source) => {
      const schema = compiled(source)
      for (const inner of schemasIn(schema)) {
        expect([...jsonSchemaKeys]).toEqual(expect.arrayContaining(Object.keys(inner)))
      }
      expect(Object.keys(schema.properties as JsonObject)).toEqual(Object.keys(source.properties as JsonObject))
    },
  )

  it('compiles what it compiled to itself', () => {
    fc.assert(
      fc.property(anySchema, (source) => {
        const once = compiled(source)
        expect(compiled(once)).toEqual(once)
      }),
    )
  })

  it('writes references out, also escaped ones and those with siblings', () => {
    const source = {
      type: 'object',
      properties: { a: { $ref: '#/$defs/x~1y', description: 'here' }, b: { $ref: '#/definitions/n' } },
      $defs: { 'x/y': { type: 'string', description: 'there' } },
      definitions: { n: { type: 'number' } },
    }
    expect(compiled(source)).toEqual({
      type: 'object',
      properties: { a: { type: 'string', description: 'here' }, b: { type: 'number' } },
    })
  })

  it('ends a schema that contains itself, directly or in a circle', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    }
    const { schema, lost } = compileSchema(tree)
    expect(JSON.stringify(schema).length).toBeLessThan(400)
    expect(lost).toContain('$ref to itself')
    expect(compiled({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } })).toEqual({})
    expect(compiled({ $ref: '#' })).toEqual({})
  })

  it('does not explode where references multiply', () => {
    const $defs: JsonObject = { d0: { type: 'string' } }
    for (let level = 1; level < 30; level += 1) {
      const branch = { $ref: `#/$defs/d${level - 1}` }
      $defs[`d${level}`] = { type: 'object', properties: { a: branch, b: branch, c: branch } }
    }
    expect(JSON.stringify(compiled({ $ref: '#/$defs/d29', $defs })).length).toBeLessThan(5_000_000)
  })

  it('takes 1,000 levels of nesting', () => {
    let schema: JsonObject = { type: 'string' }
    for (let level = 0; level < 1_000; level += 1) schema = { type: 'array', items: schema }
    expect(compiled(schema).type).toBe('array')
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['const', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['a type list', { type: ['STRING', 'null'] }, { type: ['string', 'null'] }],
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['oneOf', { oneOf: [{ type: 'string' }] }, { anyOf: [{ type: 'string' }] }],
    [
      'allOf',
      {
        allOf: [
          { properties: { a: {} }, required: ['a'] },
          { properties: { b: {} }, required: ['b', 'gone'] },
        ],
      },
      { type: 'object', properties: { a: {}, b: {} }, required: ['a', 'b'] },
    ],
    [
      'exclusive bounds',
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 9 },
      { type: 'number', minimum: 0, maximum: 9 },
    ],
    ['an array without items', { type: 'array' }, { type: 'array', items: {} }],
    ['an enum with an empty text', { type: 'string', enum: ['', 'a'] }, { type: 'string' }],
    ['an enum of booleans', { enum: [true, false] }, { type: 'boolean' }],
    ['an enum with null', { enum: ['a', null] }, { type: ['string', 'null'], enum: ['a'] }],
    ['a strange format', { type: 'string', format: 'uri' }, { type: 'string' }],
    ['a tuple', { type: 'array', items: [{ type: 'string' }] }, { type: 'array', prefixItems: [{ type: 'string' }] }],
  ])('%s', (_name, source, expected) => {
    expect(compiled(source)).toEqual(expected)
  })

  it('names what was lost and is silent on what only describes', () => {
    const source = { $schema: 'x', type: 'string', pattern: '^a', minLength: 1, default: 'a', deprecated: true }
    expect(compileSchema(source).lost).toEqual(['pattern', 'minLength'])
  })
})
