import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ComplexityOverrides } from '../../../gateway/config/gateway-config.ts'
import { isJsonObject, type JsonObject } from '../../../gateway/model/json.ts'
import { classify } from '../../../gateway/routing/complexity/classify.ts'
import { codeKeywords } from '../../../gateway/routing/complexity/code-keywords.ts'
import { createPromptMeter } from '../../../gateway/routing/complexity/prompt-signals.ts'
import { reasoningKeywords } from '../../../gateway/routing/complexity/reasoning-keywords.ts'
import { scoringSettings } from '../../../gateway/routing/complexity/scoring-settings.ts'
import { simpleKeywords } from '../../../gateway/routing/complexity/simple-keywords.ts'
import { technicalKeywords } from '../../../gateway/routing/complexity/technical-keywords.ts'
import { promptFeatures, rescore } from '../../../gateway/routing/features.ts'
import { dimensionNames } from '../../../gateway/model/complexity.ts'
import { tiers } from '../../../gateway/model/tier.ts'
import { makeFacts, makeOverrides, makeRouter, seedPrompts } from './routing-fixtures.ts'

function featuresOf(text: string, overrides: ComplexityOverrides = makeOverrides()): JsonObject {
  const features = promptFeatures(createPromptMeter(overrides)(text, ''), makeFacts({ userText: text }))
  // As the ledger gives them back.
  return JSON.parse(JSON.stringify(features)) as JsonObject
}

const listed = fc.constantFrom(...codeKeywords, ...reasoningKeywords, ...technicalKeywords, ...simpleKeywords)
const promptText = fc
  .array(
    fc.oneof(listed, fc.constantFrom('first', 'then', 'step 1', '1. ', '?', '\n', '🙂'), fc.string({ maxLength: 80 })),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(' '))

const value = fc.double({ min: -1, max: 1, noNaN: true })
const settings = fc.record({
  dimensionWeights: fc.option(fc.dictionary(fc.constantFrom<string>(...dimensionNames), value), { nil: undefined }),
  tierBoundaries: fc.record(
    { simple_medium: value, medium_complex: value, complex_reasoning: value },
    { requiredKeys: [] },
  ),
  tokenThresholds: fc.record({ simple: fc.nat({ max: 50 }), complex: fc.nat({ max: 200 }) }, { requiredKeys: [] }),
  reasoningOverrideMinScore: fc.option(value, { nil: undefined }),
  noSignalTier: fc.option(fc.constantFrom(...tiers), { nil: undefined }),
})

describe('promptFeatures', () => {
  test('has counts, listed words and sizes', () => {
    const measured = createPromptMeter(makeOverrides())(seedPrompts.reasoning, '')
    const facts = makeFacts({ toolCount: 3, hasImages: true, bodyBytes: 999 })
    expect(promptFeatures(measured, facts)).toEqual({
      v: 1,
      characters: 149,
      tokens: 37,
      code: { count: 1, words: ['implement'] },
      reasoning: { count: 1, words: ['explain your reasoning'] },
      technical: { count: 5, words: ['architecture', 'distributed', 'authentication', 'container', 'orchestration'] },
      simple: { count: 0, words: [] },
      steps: ['first-then'],
      questions: 0,
      tools: 3,
      images: true,
      bytes: 999,
    })
  })

  test('has no text of the prompt beyond listed words', () => {
    const features = featuresOf('CANARY hello CANARY 12345 secret-canary api')
    expect(JSON.stringify(features).toLowerCase()).not.toContain('canary')
    expect(JSON.stringify(features)).not.toContain('12345')
  })

  test('keeps the count of a long list of own words, and some of the words', () => {
    const own = Array.from({ length: 500 }, (_, index) => `own${index}`)
    const features = featuresOf(own.join(' '), makeOverrides({ codeKeywords: own }))
    expect(features.code).toMatchObject({ count: 500 })
    expect(isJsonObject(features.code) && Array.isArray(features.code.words) && features.code.words.length).toBe(40)
  })
})

describe('rescore', () => {
  test('gives what classifying the text with the same settings gives', () => {
    fc.assert(
      fc.property(promptText, settings, (text, given) => {
        const complexity = makeOverrides(given)
        const direct = classify(createPromptMeter(complexity)(text, ''), scoringSettings(complexity))
        expect(rescore(featuresOf(text), makeRouter({ complexity }))).toEqual(direct)
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, JsonObject]>([
    ['another version', { ...featuresOf('x'), v: 2 }],
    ['no version', {}],
    ['a missing list', { ...featuresOf('x'), code: null }],
    ['a negative count', { ...featuresOf('x'), questions: -1 }],
    ['no steps', { ...featuresOf('x'), steps: 'first-then' }],
  ])('refuses %s', (_, features) => {
    expect(() => rescore(features, makeRouter())).toThrow(expect.objectContaining({ code: 'invalid_field' }))
  })
})
