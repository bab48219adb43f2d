import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonBody } from '../../../gateway/http/llm/read-json-body.ts'
import { withModel } from '../../../gateway/http/llm/chat-request.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'

describe('readJsonBody', () => {
  it('throws nothing but GatewayError, and quotes nothing of the body', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (text) => {
        try {
          readJsonBody(Buffer.from(text))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError)
          expect((thrown as Error).message).not.toContain(text)
        }
      }),
    )
  })

  it('reads every object that JSON can write', () => {
    const key = fc.string().filter((name) => name !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), (value) => {
        const body = readJsonBody(Buffer.from(JSON.stringify(value)))
        expect([...body.fields.keys()].toSorted()).toEqual(Object.keys(value).toSorted())
      }),
    )
  })

  it('takes a byte order mark off, which upstreams do not read', () => {
    const body = readJsonBody(Buffer.from('\ufeff{"a":1}'))
    expect(body.json).toEqual({ a: 1 })
    expect(body.bytes.toString()).toBe('{"a":1}')
    expect(body.fields.get('a')).toEqual({ keyStart: 1, valueStart: 5, valueEnd: 6 })
  })
})

describe('withModel', () => {
  it.each(['{"model":"x","n":1.0}', '{ "n":1.0 }', '{}'])(
    'puts the model of the URL into %s and leaves the rest',
    (text) => {
      const body = withModel(readJsonBody(Buffer.from(text)), 'a"b/c')
      expect(JSON.parse(body.bytes.toString())).toMatchObject({ model: 'a"b/c' })
      expect(body.json.model).toBe('a"b/c')
      if (text.includes('1.0')) expect(body.bytes.toString()).toContain('1.0')
    },
  )
})
