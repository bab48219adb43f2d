import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../gateway/model/json.ts'
import { reduceSchema } from '../../../../gateway/providers/anthropic/reduce-schema.ts'

const reduced = (schema: JsonObject): JsonObject => {
  const reading = reduceSchema(schema)
  if (reading.kind !== 'reduced') throw new Error(reading.why)
  return reading.schema
}
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more })

describe('a schema cut down to what structured output enforces (section 3.4)', () => {
  it.each([
    ['numeric limits', { type: 'number', minimum: 1, exclusiveMaximum: 9, multipleOf: 2 }],
    ['lengths and patterns', { type: 'string', minLength: 1, maxLength: 2, pattern: '^a' }],
    ['list limits', { type: 'array', items: { type: 'string' }, maxItems: 3, minItems: 2, uniqueItems: true }],
    ['not', { type: 'string', not: { const: 'x' } }],
    ['a format that is not known', { type: 'string', format: 'color' }],
  ])('%s go into the description', (_name, inner) => {
    const { properties } = reduced(object({ a: { ...inner, description: 'Words.' } }))
    const written = (properties as JsonObject).a as JsonObject
    const gone = Object.keys(inner).filter((keyword) => !['type', 'items'].includes(keyword))
    for (const keyword of gone) {
      expect(written).not.toHaveProperty(keyword)
      expect(written.description).toContain(keyword)
    }
    expect(written.description).toMatch(/^Words\. \(/)
  })

  it('keeps what is enforced', () => {
    const schema = object(
      {
        a: { type: 'string', format: 'date-time', enum: ['x'] },
        b: { type: 'array', items: { type: 'string' }, minItems: 1 },
      },
      { required: ['a'], additionalProperties: false },
    )
    expect(reduced(schema)).toEqual(schema)
  })

  it('closes every object and turns oneOf into anyOf', () => {
    expect(reduced(object({ a: { oneOf: [object({ b: { type: 'string' } }), { type: 'null' }] } }))).toMatchObject({
      additionalProperties: false,
      properties: { a: { anyOf: [{ additionalProperties: false }, { type: 'null' }] } },
    })
  })

  it.each([
    ['a schema that refers to itself', object({ next: { $ref: '#' } })],
    [
      'definitions in a circle',
      object(
        { a: { $ref: '#/$defs/a' } },
        { $defs: { a: object({ b: { $ref: '#/$defs/b' } }), b: object({ a: { $ref: '#/$defs/a' } }) } },
      ),
    ],
    ['an object with free keys', object({ map: { type: 'object', additionalProperties: { type: 'string' } } })],
  ])('%s cannot be enforced', (_name, schema) => {
    expect(reduceSchema(schema).kind).toBe('inexpressible')
  })

  it('a reference that leads to no circle stays', () => {
    const schema = object(
      { a: { $ref: '#/$defs/a' } },
      { $defs: { a: { type: 'string' } }, additionalProperties: false },
    )
    expect(reduced(schema)).toEqual(schema)
  })

  it('1,000 levels are refused, not walked to the end', () => {
    let schema: JsonObject = { type: 'string' }
    for (let level = 0; level < 1_000; level += 1) schema = object({ a: schema })
    expect(reduceSchema(schema)).toMatchObject({ kind: 'inexpressible' })
  })

  it('never leaves a refused keyword in, whatever the schema', () => {
    const keyword = fc.constantFrom(
      'type',
      'properties',
      'items',
      'minimum',
      'pattern',
      'not',
      'anyOf',
      'oneOf',
      '$ref',
      'enum',
      'additionalProperties',
      'if',
      'x-own',
      'description',
    )
    const { schema: arbitrary } = fc.letrec<{ schema: JsonValue }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>('object', 'string', 3, true, null),
        fc.dictionary(keyword, tie('schema')),
        fc.array(tie('schema'), { maxLength: 3 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(keyword, arbitrary), (schema) => {
        const reading = reduceSchema(schema)
        if (reading.kind === 'reduced') expect(refusedIn(reading.schema)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

/** Refused keywords of a schema and of those in it; names of properties do not count. */
function refusedIn(schema: JsonValue): string[] {
  if (!isJsonObject(schema)) return []
  const here = Object.keys(schema).filter((keyword) =>
    ['minimum', 'pattern', 'not', 'oneOf', 'if', 'x-own'].includes(keyword),
  )
  const properties = isJsonObject(schema.properties) ? Object.values(schema.properties) : []
  const variants = Array.isArray(schema.anyOf) ? schema.anyOf : []
  return [
    ...here,
    ...[...properties, ...variants, ...(isJsonObject(schema.items) ? [schema.items] : [])].flatMap((inner) =>
      refusedIn(inner),
    ),
  ]
}
