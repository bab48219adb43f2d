import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { scanTopLevelFields } from '../../../gateway/model/json-fields.ts'
import { rewriteFields } from '../../../gateway/model/rewrite-fields.ts'

const scan = (text: string) => scanTopLevelFields(Buffer.from(text))

function valueText(text: string, key: string): string | undefined {
  const body = Buffer.from(text)
  const span = scanTopLevelFields(body).get(key)
  return span === undefined ? undefined : body.toString('utf8', span.valueStart, span.valueEnd)
}

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof GatewayError) return error.code
    throw error
  }
  return 'no error'
}

/** JSON text of an object with the spacing that people and machines write. */
const jsonObject = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.jsonValue({ maxDepth: 4 }), {
  maxKeys: 8,
  noNullPrototype: true,
})
const jsonText = fc
  .tuple(jsonObject, fc.constantFrom(undefined, 1, 2, '\t'))
  .map(([value, indent]) => JSON.stringify(value, null, indent))

describe('scanTopLevelFields', () => {
  it('gives the bytes of each value', () => {
    const text = ' {"model" : "a/b", "n":1.50e-7 ,"list":[{"model":"inner"},"]"],\n"t":true}'
    expect(valueText(text, 'model')).toBe('"a/b"')
    expect(valueText(text, 'n')).toBe('1.50e-7')
    expect(valueText(text, 'list')).toBe('[{"model":"inner"},"]"]')
    expect(valueText(text, 't')).toBe('true')
  })

  it('counts bytes, not characters', () => {
    expect(valueText('{"ключ":"значение 🚦","b":"é"}', 'b')).toBe('"é"')
    expect(valueText('{"ключ":"значение 🚦"}', 'ключ')).toBe('"значение 🚦"')
  })

  it('accepts a byte order mark and an empty object', () => {
    expect(scan('\uFEFF{"a":1}').has('a')).toBe(true)
    expect(scan(' { } ').size).toBe(0)
  })

  it.each([
    ['{"model":"a","model":"b"}', 'plain'],
    ['{"model":"a","mod\\u0065l":"b"}', 'one spelt with an escape'],
    ['{"m":1,"é":1,"\\u00e9":2}', 'beyond ASCII'],
  ])('refuses a repeated key: %s', (text) => {
    expect(codeOf(() => scan(text))).toBe('duplicate_key')
  })

  it('does not mistake an inner key for a repeated one', () => {
    expect([...scan('{"a":{"a":{"a":1}},"b":"\\"a\\":1"}').keys()]).toEqual(['a', 'b'])
  })

  it.each(['', '[]', '"x"', '1', '{', '{"a"', '{"a":', '{"a":"', '{"a":1', '{"a":[1', '{a:1}', '{"a" 1}', '{"a":}'])(
    'refuses what is no object: %s',
    (text) => {
      expect(codeOf(() => scan(text))).toBe('invalid_json')
    },
  )

  it('keeps its stack on 100,000 levels', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"b":2}`
    expect(valueText(deep, 'b')).toBe('2')
  })

  it('reads strings that are nothing but escapes', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(5_000), b: 1 })
    expect(valueText(text, 'b')).toBe('1')
  })

  it('agrees with JSON.parse on arbitrary objects', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const parsed = JSON.parse(text) as Record<string, unknown>
        const keys = [...scan(text).keys()]
        expect(keys.sort()).toEqual(Object.keys(parsed).sort())
        for (const key of keys) expect(JSON.parse(valueText(text, key) ?? '')).toEqual(parsed[key])
      }),
    )
  })

  it('throws nothing but GatewayError on arbitrary text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', ' ', '1') }),
        (text) => {
          codeOf(() => scan(text))
        },
      ),
    )
  })
})

describe('rewriteFields', () => {
  const rewrite = (
    text: string,
    edits: { remove?: string[]; replace?: Record<string, string>; add?: Record<string, string> },
  ) => {
    const body = Buffer.from(text)
    return rewriteFields(body, scanTopLevelFields(body), {
      remove: new Set(edits.remove),
      replace: new Map(Object.entries(edits.replace ?? {})),
      add: new Map(Object.entries(edits.add ?? {})),
    }).toString()
  }

  it('changes the value and nothing else', () => {
    expect(rewrite('{ "x" : 1.0e1,\n "model": "a" }', { replace: { model: '"b"' } })).toBe(
      '{ "x" : 1.0e1,\n "model": "b" }',
    )
  })

  it('adds behind the last field, also in an empty object', () => {
    expect(rewrite('{"a":1}', { add: { b: '2', c: '3' } })).toBe('{"a":1,"b":2,"c":3}')
    expect(rewrite('{ }', { add: { b: '2' } })).toBe('{"b":2 }')
  })

  it.each([
    [['a'], '{"b":2,"c":3}'],
    [['b'], '{"a":1,"c":3}'],
    [['c'], '{"a":1,"b":2}'],
    [['a', 'b'], '{"c":3}'],
    [['b', 'c'], '{"a":1}'],
    [['a', 'c'], '{"b":2}'],
    [['a', 'b', 'c'], '{}'],
  ])('removes %j', (remove, expected) => {
    expect(rewrite('{"a":1,"b":2,"c":3}', { remove })).toBe(expected)
  })

  it('removes everything and adds', () => {
    expect(rewrite('{"a":1}', { remove: ['a'], add: { b: '2' } })).toBe('{"b":2}')
  })

  it('means the same as editing the parsed object', () => {
    fc.assert(
      fc.property(
        jsonText,
        fc.infiniteStream(fc.constantFrom('keep', 'remove', 'replace')),
        fc.jsonValue(),
        (text, actions, value) => {
          const expected = JSON.parse(text) as Record<string, unknown>
          const remove: string[] = []
          const replace: Record<string, string> = {}
          for (const key of Object.keys(expected)) {
            const action = actions.next().value
            if (action === 'remove') {
              remove.push(key)
              delete expected[key]
            } else if (action === 'replace' && key !== '__proto__') {
              replace[key] = JSON.stringify(value)
              expected[key] = value
            }
          }
          const added = Object.hasOwn(JSON.parse(text) as object, 'added key') ? {} : { 'added key': '[1]' }
          if ('added key' in added) expected['added key'] = [1]
          expect(JSON.parse(rewrite(text, { remove, replace, add: added }))).toEqual(
            JSON.parse(JSON.stringify(expected)),
          )
        },
      ),
    )
  })
})
