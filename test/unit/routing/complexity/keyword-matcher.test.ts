import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createKeywordMatcher, distinctKeywords } from '../../../../gateway/routing/complexity/keyword-matcher.ts'

function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}

/** The rule as a regular expression, which the matcher replaces by a search. */
function occursByPattern(text: string, word: string): boolean {
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])${escapeForPattern(word)}(?![\p{L}\p{N}_])`, 'u').test(text)
}

const letters = fc.constantFrom('a', 'b', 'é', 'я', '9', '_', '-', ' ', "'", '𝒳', '🙂', '数', '.', '\n')
const words = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '9', "'", '+'), minLength: 1, maxLength: 3 })
const texts = fc.string({ unit: letters, maxLength: 40 })

describe('createKeywordMatcher', () => {
  test('finds a word exactly where Unicode word edges surround it', () => {
    fc.assert(
      fc.property(words, fc.array(fc.oneof(words, texts), { maxLength: 6 }), (word, pieces) => {
        const text = pieces.join('').toLowerCase()
        expect(createKeywordMatcher([word])(text).length === 1).toBe(occursByPattern(text, word))
      }),
      { numRuns: 2000 },
    )
  })

  test('reads on after a hit inside a longer word', () => {
    expect(createKeywordMatcher(['api'])('capital rapid api')).toEqual(['api'])
    expect(createKeywordMatcher(['aa'])('aaa aa')).toEqual(['aa'])
  })

  test('counts overlapping keywords each', () => {
    expect(createKeywordMatcher(['thank you', 'you', 'thank'])('thank you')).toEqual(['thank you', 'you', 'thank'])
  })

  test('gives hits in list order, repeats dropped', () => {
    expect(createKeywordMatcher(['B', 'a', 'b'])('a b')).toEqual(['b', 'a'])
  })

  test('takes a keyword with CJK characters as a substring', () => {
    expect(createKeywordMatcher(['分析', 'データ'])('请分析这个')).toEqual(['分析'])
  })

  test('takes punctuation in a keyword literally', () => {
    expect(createKeywordMatcher(['c++', 'a.b'])('c++ axb')).toEqual(['c++'])
  })

  test('never matches on a blank keyword', () => {
    expect(distinctKeywords(['', ' ', '\t'])).toEqual([])
    expect(createKeywordMatcher(['', ' '])('any text')).toEqual([])
  })

  test('survives lone surrogates at the edges', () => {
    expect(createKeywordMatcher(['hi'])('\ud835hi')).toEqual(['hi'])
    expect(createKeywordMatcher(['hi'])('\udc00hi\ud835')).toEqual(['hi'])
  })
})
