import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../gateway/cache/canonical-json.ts'
import type { JsonValue } from '../../../gateway/model/json.ts'

describe('canonical JSON', () => {
  it('is the same for every order of keys, at every depth', () => {
    const left = { model: 'a', messages: [{ role: 'user', content: 'é' }], n: 1.5 }
    const right = { n: 1.5, messages: [{ content: 'é', role: 'user' }], model: 'a' }
    expect(canonicalJson(left)).toBe(canonicalJson(right))
    expect(canonicalJson(left)).toBe('{"messages":[{"content":"é","role":"user"}],"model":"a","n":1.5}')
  })

  it('tells lists by their order', () => {
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]))
  })

  it('is nothing where a number may stand for several', () => {
    expect(canonicalJson({ seed: JSON.parse('9007199254740993') as number })).toBeUndefined()
    expect(canonicalJson({ deep: [[{ seed: 1e300 }]] })).toBeUndefined()
    expect(canonicalJson({ seed: Number.MAX_SAFE_INTEGER })).toBe('{"seed":9007199254740991}')
  })

  it('reads back as the value it was made of', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value as JsonValue)
        if (text !== undefined) expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
