import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ComplexityOverrides } from '../../../../gateway/config/gateway-config.ts'
import { classify, tierOfScore } from '../../../../gateway/routing/complexity/classify.ts'
import { createPromptMeter, estimateTokens } from '../../../../gateway/routing/complexity/prompt-signals.ts'
import { scoringSettings } from '../../../../gateway/routing/complexity/scoring-settings.ts'
import { defaultBoundaries, type DimensionName, dimensionNames } from '../../../../gateway/model/complexity.ts'
import { makeOverrides, seedPrompts, tunedOverrides } from '../routing-fixtures.ts'

function classifyText(text: string, given: Partial<ComplexityOverrides> = {}, systemText = '') {
  const overrides = makeOverrides(given)
  return classify(createPromptMeter(overrides)(text, systemText), scoringSettings(overrides))
}

function rawOf(text: string, name: DimensionName, given: Partial<ComplexityOverrides> = {}, systemText = '') {
  return classifyText(text, given, systemText).dimensions.find((dimension) => dimension.name === name)?.raw
}

describe('scores', () => {
  test.each([
    [seedPrompts.simple, -0.2, 'SIMPLE'],
    [seedPrompts.medium, 0.1, 'MEDIUM'],
    [seedPrompts.complex, 0.25, 'COMPLEX'],
    [seedPrompts.reasoning, 0.595, 'REASONING'],
    ['Plan a refactor of foo.py', 0.05, 'SIMPLE'],
    ['Explain container networking', 0, 'SIMPLE'],
    ['analyze this step by step and think carefully', 0.4, 'REASONING'],
    ['hello, think step by step and break down what is 2+2', 0.2, 'REASONING'],
  ])('%j with the tuned router', (text, score, tier) => {
    const result = classifyText(text, tunedOverrides)
    expect(result.score).toBeCloseTo(score, 12)
    expect(result.tier).toBe(tier)
  })

  test.each([
    [seedPrompts.simple, -0.15, 'SIMPLE'],
    [seedPrompts.medium, 0.3, 'MEDIUM'],
    [seedPrompts.complex, 0.25, 'MEDIUM'],
    [seedPrompts.reasoning, 0.59, 'COMPLEX'],
    ['Plan a refactor of foo.py', 0.05, 'SIMPLE'],
    ['Explain container networking', -0.1, 'SIMPLE'],
    ['analyze this step by step and think carefully', 0.15, 'REASONING'],
    ['hello, think step by step and break down what is 2+2', 0.1, 'REASONING'],
  ])('%j with the default settings', (text, score, tier) => {
    const result = classifyText(text)
    expect(result.score).toBeCloseTo(score, 12)
    expect(result.tier).toBe(tier)
  })

  test('the hits behind the four prompts', () => {
    const hits = Object.values(seedPrompts).map((text) => {
      const { code, reasoning, technical, simple, steps, characters } = createPromptMeter(makeOverrides())(text, '')
      const counts = [code, reasoning, technical, simple].map(({ count }) => count)
      return [estimateTokens(characters), ...counts, steps.length]
    })
    expect(hits).toEqual([
      [5, 0, 0, 0, 1, 0],
      [18, 5, 0, 0, 0, 0],
      [27, 0, 0, 7, 0, 0],
      [37, 1, 1, 5, 0, 1],
    ])
  })

  test('"analyze this step by step and think carefully" holds three markers', () => {
    const { reasoning } = createPromptMeter(makeOverrides())('analyze this step by step and think carefully', '')
    expect(reasoning.count).toBe(3)
  })

  test('are the sum of the shares in the fixed order, in plain doubles', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...dimensionNames), fc.double({ min: -2, max: 2, noNaN: true })),
        (weights) => {
          const { dimensions, score } = classifyText(seedPrompts.reasoning, { dimensionWeights: weights })
          expect(dimensions.map(({ name }) => name)).toEqual(dimensionNames)
          let sum = 0
          for (const { raw, name } of dimensions) sum += raw * (weights[name] ?? 0)
          expect(score).toBe(sum)
        },
      ),
    )
  })

  test('show no negative zero', () => {
    const { dimensions, score } = classifyText('hi', { dimensionWeights: {} })
    expect(Object.is(score, 0)).toBe(true)
    expect(dimensions.filter(({ weighted }) => Object.is(weighted, -0))).toEqual([])
  })
})

describe('boundaries', () => {
  test('a score equal to a boundary goes up, one just below stays', () => {
    const below = (value: number) => value - 1e-9
    expect(tierOfScore(below(0.15), defaultBoundaries)).toBe('SIMPLE')
    expect(tierOfScore(0.15, defaultBoundaries)).toBe('MEDIUM')
    expect(tierOfScore(below(0.35), defaultBoundaries)).toBe('MEDIUM')
    expect(tierOfScore(0.35, defaultBoundaries)).toBe('COMPLEX')
    expect(tierOfScore(below(0.6), defaultBoundaries)).toBe('COMPLEX')
    expect(tierOfScore(0.6, defaultBoundaries)).toBe('REASONING')
  })

  test('merge per key, as token thresholds do; weights do not', () => {
    const settings = scoringSettings(
      makeOverrides({
        tierBoundaries: { medium_complex: 0.2 },
        tokenThresholds: { complex: 50 },
        dimensionWeights: { codePresence: 1 },
      }),
    )
    expect(settings.boundaries).toEqual({ simple_medium: 0.15, medium_complex: 0.2, complex_reasoning: 0.6 })
    expect(settings.thresholds).toEqual({ simple: 15, complex: 50 })
    expect(settings.weights).toEqual({
      tokenCount: 0,
      codePresence: 1,
      reasoningMarkers: 0,
      technicalTerms: 0,
      simpleIndicators: 0,
      multiStepPatterns: 0,
      questionComplexity: 0,
    })
  })
})

describe('dimensions', () => {
  test('tokens are a quarter of the code points, strict at both thresholds', () => {
    expect(rawOf('x'.repeat(59), 'tokenCount')).toBe(-1)
    expect(rawOf('x'.repeat(60), 'tokenCount')).toBe(0)
    expect(rawOf('x'.repeat(1603), 'tokenCount')).toBe(0)
    expect(rawOf('x'.repeat(1604), 'tokenCount')).toBe(1)
    expect(rawOf('🙂'.repeat(59), 'tokenCount')).toBe(-1)
    expect(rawOf('🙂'.repeat(60), 'tokenCount')).toBe(0)
    expect(rawOf('\ud83d'.repeat(60), 'tokenCount')).toBe(0)
  })

  test.each<[DimensionName, string, number]>([
    ['codePresence', 'nothing', 0],
    ['codePresence', 'api', 0.5],
    ['codePresence', 'api sql', 1],
    ['codePresence', 'api sql git', 1],
    ['reasoningMarkers', 'nothing', 0],
    ['reasoningMarkers', 'deduce', 0.7],
    ['reasoningMarkers', 'deduce, infer', 1],
    ['technicalTerms', 'latency', 0],
    ['technicalTerms', 'latency cpu', 0.5],
    ['technicalTerms', 'latency cpu gpu', 0.5],
    ['technicalTerms', 'latency cpu gpu tcp', 1],
    ['simpleIndicators', 'nothing', 0],
    ['simpleIndicators', 'hi', -1],
    ['simpleIndicators', 'hi, what is', -1],
    ['multiStepPatterns', 'nothing', 0],
    ['multiStepPatterns', 'step 1', 0.5],
    ['multiStepPatterns', 'step 1\n1. a) b', 0.5],
    ['questionComplexity', '???', 0],
    ['questionComplexity', '????', 0.5],
    ['questionComplexity', '?????', 0.5],
  ])('%s of %j is %d', (name, text, raw) => {
    expect(rawOf(text, name)).toBe(raw)
  })

  test('read the user text only, unless the router scans the system text too', () => {
    const system = 'hello api sql latency cpu gpu tcp step 1 deduce infer ????' + 'x'.repeat(2000)
    for (const name of dimensionNames) expect(rawOf('word', name, {}, system)).toBe(rawOf('word', name))
    const both = { textScope: 'system_and_user' } as const
    const wide = dimensionNames.map((name) => rawOf('word', name, both, system))
    expect(wide).toEqual([-1, 1, 0, 1, -1, 0.5, 0])
  })

  test('name what fired', () => {
    const { dimensions } = classifyText('hi, step 1: sql? ???')
    expect(dimensions.map(({ fired }) => fired)).toEqual([
      ['5 tokens'],
      ['sql'],
      [],
      [],
      ['hi'],
      ['step-number'],
      ['4 question marks'],
    ])
  })
})

describe('word lists of a router', () => {
  test('replace the default one; an empty or blank one does not', () => {
    expect(rawOf('api', 'codePresence', { codeKeywords: ['cobol'] })).toBe(0)
    expect(rawOf('COBOL', 'codePresence', { codeKeywords: ['Cobol'] })).toBe(0.5)
    expect(rawOf('api', 'codePresence', { codeKeywords: [] })).toBe(0.5)
    expect(rawOf('api', 'codePresence', { codeKeywords: [' '] })).toBe(0.5)
    expect(rawOf('hi', 'simpleIndicators', { simpleKeywords: ['yo'] })).toBe(0)
    expect(rawOf('deduce', 'reasoningMarkers', { reasoningKeywords: ['ponder'] })).toBe(0)
  })

  test('custom technical terms are added, whatever their case, once', () => {
    const given = { customTechnicalKeywords: ['Latency', 'FPGA', 'fpga'] }
    expect(rawOf('latency', 'technicalTerms', given)).toBe(0)
    expect(rawOf('latency fpga', 'technicalTerms', given)).toBe(0.5)
    expect(rawOf('a fpga b', 'technicalTerms', { technicalKeywords: ['a', 'b'], ...given })).toBe(0.5)
  })
})

describe('overrides', () => {
  const twoMarkers = 'deduce and infer'

  test('two reasoning markers mean REASONING whatever the score', () => {
    const result = classifyText(`hello ${twoMarkers}`, { dimensionWeights: { simpleIndicators: 5 } })
    expect(result).toMatchObject({ tier: 'REASONING', cause: 'reasoning_override', score: -5 })
  })

  test('markers in the system text do not count', () => {
    expect(classifyText('word', { textScope: 'system_and_user' }, twoMarkers).cause).not.toBe('reasoning_override')
  })

  test('a floor must be reached as well; equal is enough', () => {
    const weights = { reasoningMarkers: 0.25 }
    const at = (floor: number) =>
      classifyText(twoMarkers, { dimensionWeights: weights, reasoningOverrideMinScore: floor })
    expect(at(0.25)).toMatchObject({ tier: 'REASONING', cause: 'reasoning_override' })
    expect(at(0.26)).toMatchObject({ tier: 'MEDIUM', cause: 'score' })
    expect(at(0)).toMatchObject({ tier: 'REASONING' })
  })

  test('a prompt to which no dimension contributes has no signal, and may have its own tier', () => {
    const text = 'Explain container networking'
    expect(classifyText(text, tunedOverrides)).toMatchObject({ tier: 'SIMPLE', cause: 'no_signal', score: 0 })
    expect(classifyText(text, { ...tunedOverrides, noSignalTier: 'COMPLEX' })).toMatchObject({
      tier: 'COMPLEX',
      cause: 'no_signal',
    })
    expect(classifyText('hi', { ...tunedOverrides, noSignalTier: 'COMPLEX' })).toMatchObject({
      tier: 'SIMPLE',
      cause: 'score',
    })
  })
})

describe('size', () => {
  test.each([
    ['a word that almost matches', 'apis '.repeat(200_000)],
    ['a phrase that almost matches', 'step by ste'.repeat(90_000)],
    ['the beginnings of words', 'hihihihi'.repeat(125_000)],
    ['no word at all', '?'.repeat(1_000_000)],
  ])('a megabyte of %s is read', (_, text) => {
    expect(createPromptMeter(makeOverrides())(text, '').characters).toBe(text.length)
  })
})
