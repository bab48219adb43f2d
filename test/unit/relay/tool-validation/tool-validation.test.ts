import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelAnswer } from '../../../../gateway/model/answer.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest, ToolDefinition } from '../../../../gateway/model/model-request.ts'
import { correctRequest } from '../../../../gateway/relay/tool-validation/correct-request.ts'
import { findFaults } from '../../../../gateway/relay/tool-validation/find-faults.ts'
import { createSchemaChecks } from '../../../../gateway/relay/tool-validation/schema-checks.ts'

const readFile: ToolDefinition = {
  type: 'function',
  name: 'read_file',
  parameters: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { path: { type: 'string' }, lines: { type: 'integer' } },
    required: ['path'],
    additionalProperties: false,
  },
}
const patch: ToolDefinition = { type: 'custom', name: 'apply_patch' }

function answerWith(text: string, name = 'read_file', kind: 'function' | 'custom' = 'function'): ModelAnswer {
  return {
    id: undefined,
    model: undefined,
    parts: [
      { part: { type: 'text' }, text: 'I will look.', opaque: [] },
      { part: { type: 'tool-call', id: 'call_1', name, kind }, text, opaque: [] },
    ],
    finish: 'tools',
    rawFinish: null,
    stopSequence: undefined,
    usage: null,
  }
}

const faults = (text: string, name?: string, kind?: 'custom', tools: readonly ToolDefinition[] = [readFile, patch]) =>
  findFaults(answerWith(text, name, kind), tools, createSchemaChecks()).map(({ warning }) => warning)

describe('faults of tool calls', () => {
  it.each([
    ['fitting arguments', '{"path":"a.ts","lines":3}'],
    ['white space around them', ' {"path":"a.ts"}\n'],
  ])('none in %s', (_name, text) => expect(faults(text)).toEqual([]))

  it.each([
    ['a missing argument', '{"lines":3}', "arguments must have required property 'path'"],
    ['no arguments', '', "arguments must have required property 'path'"],
    ['a wrong type', '{"path":5}', 'arguments must be string'],
    ['an argument too many', '{"path":"a","mode":"r"}', 'arguments must NOT have additional properties'],
    ['cut JSON', '{"path":"a.t', 'arguments must be a JSON object'],
    ['a list', '["a.ts"]', 'arguments must be a JSON object'],
  ])('%s', (_name, text, rule) => expect(faults(text)).toEqual([`a call of tool read_file breaks its schema: ${rule}`]))

  it('a tool that was not given, whose name is not repeated', () => {
    expect(faults('{}', 'rm_rf')).toEqual(['a tool call names no tool of the request'])
  })

  it('none for a freeform tool, or where the provider brings tools of its own', () => {
    expect(faults('*** Begin Patch', 'apply_patch', 'custom')).toEqual([])
    const hosted: ToolDefinition = { type: 'hosted', dialect: 'messages', value: { type: 'web_search' } }
    expect(faults('{}', 'web_search', undefined, [readFile, hosted])).toEqual([])
  })

  it('quote nothing of the arguments', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.jsonValue(), (name, value) => {
        const key = `secret-${name}`
        for (const warning of faults(JSON.stringify({ path: 'a', [key]: value })))
          expect(warning).not.toContain('secret-')
      }),
    )
  })
})

describe('checks against a schema', () => {
  const checks = createSchemaChecks()
  const check = (schema: JsonObject, value: unknown) => checks.check(schema, value)

  it.each<[string, JsonObject]>([
    ['is larger than 16 kB', { type: 'object', required: ['x'], description: 'x'.repeat(17_000) }],
    ['is broken', { type: 'no-such-type' }],
    ['refers to another place', { $ref: 'https://example.org/schema.json' }],
    [
      'names properties by pattern',
      { patternProperties: { '^(a+)+$': { type: 'string' } }, additionalProperties: false },
    ],
  ])('say nothing where it %s', (_name, schema) => expect(check(schema, {})).toBeUndefined())

  it('run no regular expression of a stranger', () => {
    const schema: JsonObject = { properties: { a: { type: 'string', pattern: '^(a+)+$' } } }
    expect(check(schema, { a: `${'a'.repeat(50)}!` })).toBeUndefined()
  })

  it('take two schemas with one id, and references inside a schema', () => {
    const schemaOf = (type: string): JsonObject => ({
      $id: 'tool',
      $defs: { word: { type } },
      properties: { a: { $ref: '#/$defs/word' } },
    })
    expect(check(schemaOf('string'), { a: 1 })).toEqual({ place: '/a', rule: 'must be string' })
    expect(check(schemaOf('number'), { a: 'x' })).toEqual({ place: '/a', rule: 'must be number' })
  })

  it('do not break on a schema that is nested 2,000 levels deep', () => {
    let schema: JsonObject = { type: 'string' }
    for (let level = 0; level < 2_000; level += 1) schema = { not: schema }
    expect(check(schema, {})).toBeUndefined()
  })

  it('never throw, whatever the schema', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('type', 'properties', 'items', 'enum', '$ref', 'not'), fc.jsonValue()),
        (schema) => {
          const found = check(schema as JsonObject, {})
          expect(found === undefined || typeof found.rule === 'string').toBe(true)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('the corrected request', () => {
  const request: ModelRequest = {
    dialect: 'messages',
    stream: true,
    turns: [{ role: 'user', parts: [{ type: 'text', text: 'Read it.' }] }],
    tools: [readFile],
    extensions: {},
    warnings: [],
  }

  it('holds the answer as it was, and one result for each call', () => {
    const answer = answerWith('{"lines":3}')
    const other = {
      part: { type: 'tool-call', id: 'call_2', name: 'read_file', kind: 'function' },
      text: '{"path":"b"}',
      opaque: [],
    } as const
    const both: ModelAnswer = { ...answer, parts: [...answer.parts, other] }
    const corrected = correctRequest(request, both, findFaults(both, request.tools, createSchemaChecks()))
    expect(corrected.stream).toBe(false)
    expect(corrected.turns[0]).toEqual(request.turns[0])
    expect(corrected.turns[1]?.parts.map((part) => part.type)).toEqual(['text', 'tool-call', 'tool-call'])
    expect(corrected.turns[2]?.parts).toMatchObject([
      { callId: 'call_1', isError: true, content: [{ text: expect.stringContaining("required property 'path'") }] },
      { callId: 'call_2', isError: true, content: [{ text: expect.stringContaining('Not run') }] },
    ])
  })

  it('repeats no arguments that are no JSON', () => {
    const answer = answerWith('{"path":"a.t')
    const corrected = correctRequest(request, answer, findFaults(answer, request.tools, createSchemaChecks()))
    expect(corrected.turns[1]?.parts.at(-1)).toMatchObject({ type: 'tool-call', arguments: '{}' })
  })
})
