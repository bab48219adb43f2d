import { describe, expect, test } from 'vitest'
import { classify } from '../../../../gateway/routing/complexity/classify.ts'
import { codeKeywords } from '../../../../gateway/routing/complexity/code-keywords.ts'
import { createPromptMeter } from '../../../../gateway/routing/complexity/prompt-signals.ts'
import { reasoningKeywords } from '../../../../gateway/routing/complexity/reasoning-keywords.ts'
import { scoringSettings } from '../../../../gateway/routing/complexity/scoring-settings.ts'
import { simpleKeywords } from '../../../../gateway/routing/complexity/simple-keywords.ts'
import { technicalKeywords } from '../../../../gateway/routing/complexity/technical-keywords.ts'
import { makeOverrides } from '../routing-fixtures.ts'

const lists = [
  { key: 'code', keywords: codeKeywords, single: 44, phrases: 1 },
  { key: 'reasoning', keywords: reasoningKeywords, single: 5, phrases: 14 },
  { key: 'technical', keywords: technicalKeywords, single: 25, phrases: 3 },
  { key: 'simple', keywords: simpleKeywords, single: 13, phrases: 13 },
] as const

const measure = createPromptMeter(makeOverrides())

describe.each(lists)('the $key list', ({ key, keywords, single, phrases }) => {
  test('has the agreed number of words and phrases, each once and in lower case', () => {
    expect(keywords.filter((keyword) => !keyword.includes(' '))).toHaveLength(single)
    expect(keywords.filter((keyword) => keyword.includes(' '))).toHaveLength(phrases)
    expect(new Set(keywords.map((keyword) => keyword.toLowerCase())).size).toBe(keywords.length)
    expect(keywords.filter((keyword) => keyword !== keyword.toLowerCase())).toEqual([])
  })

  test.each(keywords)('%s alone is one hit of this list, in any case', (keyword) => {
    expect(measure(keyword, '')[key]).toEqual({ count: 1, words: [keyword] })
    expect(measure(keyword.toUpperCase(), '')[key]).toEqual({ count: 1, words: [keyword] })
    expect(measure(`${keyword}, ${keyword}!`, '')[key].count).toBe(1)
  })

  test.each(keywords.filter((keyword) => !keyword.includes(' ')))('%s counts as a whole word only', (keyword) => {
    for (const text of [
      `${keyword}x`,
      `x${keyword}`,
      `_${keyword}`,
      `${keyword}9`,
      `é${keyword}`,
      `${keyword}ß`,
      `${keyword}я`,
      `数${keyword}`,
      `${keyword}𝒳`,
      `𝒳${keyword}`,
    ]) {
      expect(measure(text, '')[key].words, text).not.toContain(keyword)
    }
    for (const text of [`(${keyword})`, `"${keyword}".`, `-${keyword}-`, `—${keyword}…`, `🙂${keyword}🙂`]) {
      expect(measure(text, '')[key].words, text).toEqual([keyword])
    }
  })

  test.each(keywords.filter((keyword) => keyword.includes(' ')))('%s counts wherever it stands', (keyword) => {
    expect(measure(`x${keyword}x`, '')[key].words).toContain(keyword)
    expect(measure(keyword.replaceAll(' ', '  '), '')[key].words).not.toContain(keyword)
  })
})

describe('across the lists', () => {
  test('no word is in two lists', () => {
    const all = lists.flatMap(({ keywords }) => keywords)
    expect(new Set(all).size).toBe(all.length)
  })

  test.each([
    'queries',
    'handling',
    'design',
    'analyze the',
    'scalability',
    'microservices',
    'capital',
    'ok',
    'explain',
  ])('%s matches nothing', (text) => {
    const { code, reasoning, technical, simple } = measure(text, '')
    expect([code, reasoning, technical, simple].map(({ count }) => count)).toEqual([0, 0, 0, 0])
  })

  test('async, docker and kubernetes are code and not technical', () => {
    const signals = measure('async docker kubernetes', '')
    expect(signals.code.count).toBe(3)
    expect(signals.technical.count).toBe(0)
  })

  test('the raw value of a list depends on distinct words, not on repetition', () => {
    const settings = scoringSettings(makeOverrides())
    const raw = (text: string) =>
      classify(measure(text, ''), settings).dimensions.find(({ name }) => name === 'codePresence')?.raw
    expect(raw('api api api')).toBe(0.5)
    expect(raw('api error')).toBe(1)
  })
})
