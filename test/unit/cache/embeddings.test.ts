import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeAnswer, fillFrame, splitAnswer } from '../../../gateway/cache/embeddings/answer-body.ts'
import { readInputs, shareTokens } from '../../../gateway/cache/embeddings/inputs.ts'

const answer = Buffer.from(
  '{ "object":"list", "data": [\n {"object":"embedding","index":0,"embedding":[0.10,-1e-05]} ,' +
    '{"embedding":"AAA=", "index": 1}\n], "model":"é-1", "usage":{"prompt_tokens":5,"total_tokens":5}}',
)

describe('inputs of an embeddings request', () => {
  it.each([
    ['a text', 'a', ['a']],
    ['texts', ['a', 'b'], ['a', 'b']],
    ['one list of tokens', [1, 2], [[1, 2]]],
    ['lists of tokens', [[1], [2]], [[1], [2]]],
  ])('%s', (_what, input, expected) => {
    expect(readInputs({ input })).toEqual(expected)
  })

  it.each([[[]], [null], [['a', 1]], [{ text: 'a' }]])('%j is not told apart', (input) => {
    expect(readInputs({ input })).toBeUndefined()
  })
})

describe('shares of tokens', () => {
  it('add up to the whole, and none is negative', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.array(fc.string(), { minLength: 1, maxLength: 40 }), (total, inputs) => {
        const shares = shareTokens(total, inputs)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total)
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('an embeddings answer', () => {
  it('is put together again byte for byte', () => {
    const split = splitAnswer(answer, 2)
    expect(split?.vectors.map(String)).toEqual(['[0.10,-1e-05]', '"AAA="'])
    expect(split?.promptTokens).toBe(5)
    expect(fillFrame(split?.frame ?? [], split?.vectors ?? [])).toEqual(answer)
  })

  it.each([
    ['another number of vectors', answer.toString(), 3],
    ['another order', answer.toString().replace('"index": 1', '"index": 0'), 2],
    ['no list', '{"data":{}}', 2],
    ['no JSON', 'x', 2],
    ['vectors without a value', '{"data":[{"index":0}]}', 1],
  ])('with %s is left whole', (_what, text, count) => {
    expect(splitAnswer(Buffer.from(text), count)).toBeUndefined()
  })

  it('is composed of other vectors in their own order, with its other fields as they were', () => {
    const composed = composeAnswer(answer, [Buffer.from('[3]'), Buffer.from('[1]'), Buffer.from('[2]')], 9)
    expect(JSON.parse(composed.toString())).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [3] },
        { object: 'embedding', index: 1, embedding: [1] },
        { object: 'embedding', index: 2, embedding: [2] },
      ],
      model: 'é-1',
      usage: { prompt_tokens: 9, total_tokens: 9 },
    })
  })

  it('says no usage where a part of it is not known', () => {
    expect(JSON.parse(composeAnswer(answer, [], null).toString())).not.toHaveProperty('usage')
  })

  it('survives being taken apart and composed, whatever the vectors are', () => {
    const vectors = fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(vectors, fc.nat(), (list, tokens) => {
        const texts = list.map((vector) => Buffer.from(JSON.stringify(vector)))
        const split = splitAnswer(composeAnswer(Buffer.from('{}'), texts, tokens), list.length)
        expect(split?.vectors.map(String)).toEqual(texts.map(String))
        expect(split?.promptTokens).toBe(tokens)
      }),
    )
  })
})
