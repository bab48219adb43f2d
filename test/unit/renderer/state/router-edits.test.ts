import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spliceYaml } from '../../../../gateway/config/edit/splice-yaml.ts'
import { findRouterBlock } from '../../../../gateway/config/edit/router-block.ts'
import type { YamlEdit } from '../../../../gateway/config/edit/yaml-edit.ts'
import type { RouterSettings, Tier } from '../../../../renderer/contract.ts'
import { describeChanges } from '../../../../renderer/state/router-changes.ts'
import { dimensionOrder } from '../../../../renderer/state/dimensions.ts'
import {
  boundaryOrder,
  draftOf,
  editedRouter,
  noEdits,
  readWeight,
  realEdits,
  type RouterEdits,
  type SavedRouter,
  unreadableWeights,
} from '../../../../renderer/state/router-edits.ts'
import { fileEdits } from '../../../../renderer/state/router-file-edits.ts'
import { keyedValue, moveBoundary, placeOn, scoreRange } from '../../../../renderer/state/tier-boundaries.ts'

const file = (block: string) =>
  `model_list:
  - {model_name: a, litellm_params: {model: openai/a}}
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers:
          SIMPLE: a # quick
          MEDIUM: [{model_name: b, litellm_params: {temperature: 0}}, c]
${block}`

const saved: SavedRouter = {
  tiers: { SIMPLE: ['a'], MEDIUM: ['b', 'c'], COMPLEX: [], REASONING: [] },
  boundaries: { simple_medium: 0.15, medium_complex: 0.35, complex_reasoning: 0.6 },
  weights: {
    tokenCount: 0.1,
    codePresence: 0.3,
    reasoningMarkers: 0.25,
    technicalTerms: 0.25,
    simpleIndicators: 0.05,
    multiStepPatterns: 0.03,
    questionComplexity: 0.02,
  },
  noSignalTier: null,
}

function settingsIn(text: string): RouterSettings {
  const { place, written } = findRouterBlock(text, 'smart')
  return {
    ...saved,
    revision: 'r',
    place: [...(place ?? [])],
    problem: null,
    written: written ?? {},
    tokenThresholds: { simple: 15, complex: 400 },
    reasoningOverrideMinScore: null,
    defaultModel: null,
    textScope: 'user',
  }
}

function saveInto(text: string, edits: RouterEdits): string {
  return spliceYaml(text, fileEdits(settingsIn(text), saved, edits) as YamlEdit[])
}

describe('a weight as typed', () => {
  it.each([
    ['0.25', 0.25],
    [' .5 ', 0.5],
    ['−0.2', -0.2],
    ['0,25', undefined],
    ['', undefined],
    ['11', undefined],
    ['1e3', undefined],
  ])('%j is %s', (typed, weight) => {
    expect(readWeight(typed)).toBe(weight)
  })
})

describe('edits of a router', () => {
  it('are none where they say what is saved', () => {
    const edits: RouterEdits = {
      tiers: { SIMPLE: ['a'] },
      boundaries: { simple_medium: 0.15 },
      weights: { codePresence: '0.30' },
      noSignalTier: null,
    }
    expect(realEdits(saved, edits)).toEqual(noEdits)
    expect(draftOf(saved, edits)).toBeUndefined()
    expect(fileEdits(settingsIn(file('')), saved, edits)).toEqual([])
  })

  it('are told in words and tried as a draft', () => {
    const edits: RouterEdits = {
      tiers: { COMPLEX: ['c', 'a'], MEDIUM: [] },
      boundaries: { medium_complex: 0.4 },
      weights: { technicalTerms: '0.2', codePresence: 'much' },
      noSignalTier: 'SIMPLE',
    }
    expect(describeChanges(saved, edits)).toEqual([
      'MEDIUM → no model',
      'COMPLEX → c › a',
      'COMPLEX from 0.35 → 0.40',
      'codePresence 0.30 → “much”',
      'technicalTerms 0.25 → 0.20',
      'no signal by score (0) → SIMPLE',
    ])
    expect(draftOf(saved, edits)).toEqual({
      tiers: { COMPLEX: ['c', 'a'], MEDIUM: null },
      tier_boundaries: { medium_complex: 0.4 },
      dimension_weights: { technicalTerms: 0.2 },
      no_signal_tier: 'SIMPLE',
    })
    expect(unreadableWeights(edits)).toEqual(['codePresence'])
    expect(editedRouter(saved, edits).weights.codePresence).toBe(0.3)
  })

  it('change single values of the file and keep its comments', () => {
    const text = file('        dimension_weights: {technicalTerms: 0.25, codePresence: 0.3} # ours\n')
    const edits: RouterEdits = { ...noEdits, tiers: { SIMPLE: ['c'] }, weights: { technicalTerms: '0.2' } }
    expect(saveInto(text, edits)).toBe(
      text.replace('SIMPLE: a #', 'SIMPLE: c #').replace('technicalTerms: 0.25', 'technicalTerms: 0.2'),
    )
  })

  it('write all weights where the file has none, since one that is missing there counts 0', () => {
    const [edit] = fileEdits(settingsIn(file('')), saved, { ...noEdits, weights: { tokenCount: '0' } })
    expect(edit).toMatchObject({ op: 'set', value: { ...saved.weights, tokenCount: 0 } })
  })

  it('keep the fields of a step that is moved, and the others where one is added or removed', () => {
    const text = file('')
    const medium = (chain: readonly string[]) => saveInto(text, { ...noEdits, tiers: { MEDIUM: chain } })
    expect(medium(['c', 'b'])).toBe(
      text.replace(
        '[{model_name: b, litellm_params: {temperature: 0}}, c]',
        '[c, {model_name: b, litellm_params: {temperature: 0}}]',
      ),
    )
    expect(medium(['b', 'c', 'a'])).toBe(text.replace(', c]', ', c, a]'))
    expect(medium(['b'])).toBe(text.replace(', c]', ']'))
  })

  it('read back from the file what was meant, whatever was edited', () => {
    const chain = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 })
    const given = fc.record({
      tiers: fc.dictionary(fc.constantFrom<Tier>('SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'), chain),
      weights: fc.dictionary(
        fc.constantFrom(...dimensionOrder),
        fc.integer({ min: -100, max: 100 }).map((value) => String(value / 100)),
      ),
    })
    fc.assert(
      fc.property(given, fc.boolean(), ({ tiers, weights }, hasWeights) => {
        const block = hasWeights ? `        dimension_weights: ${JSON.stringify(saved.weights)}\n` : ''
        const edits: RouterEdits = { ...noEdits, tiers, weights }
        const { written } = findRouterBlock(saveInto(file(block), edits), 'smart')
        const meant = editedRouter(saved, edits)
        const names = Object.entries((written?.tiers ?? {}) as Record<string, unknown>).map(([tier, steps]) => [
          tier,
          [steps].flat().map((step) => (typeof step === 'string' ? step : (step as { model_name: string }).model_name)),
        ])
        expect({ ...emptyTiers, ...Object.fromEntries(names) }).toEqual(meant.tiers)
        expect(written?.dimension_weights ?? saved.weights).toEqual(meant.weights)
      }),
    )
  })
})

const emptyTiers = { SIMPLE: [], MEDIUM: [], COMPLEX: [], REASONING: [] }

describe('boundaries on their scale', () => {
  const range = scoreRange(saved.boundaries)

  it('never cross, whatever is asked of them', () => {
    const move = fc.tuple(fc.constantFrom(...boundaryOrder), fc.double({ min: -5, max: 5, noNaN: true }))
    fc.assert(
      fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
        let now = saved.boundaries
        for (const [name, wanted] of moves) now = { ...now, [name]: moveBoundary(now, name, wanted, range) }
        const values = boundaryOrder.map((name) => now[name])
        expect(values).toEqual(values.toSorted((one, other) => one - other))
        expect(new Set(values).size).toBe(3)
        for (const value of values) {
          expect(Math.round(value * 100) / 100).toBe(value)
          expect(placeOn(range, value)).toBeGreaterThan(0)
          expect(placeOn(range, value)).toBeLessThan(100)
        }
      }),
    )
  })

  it.each([
    ['ArrowRight', false, 0.36],
    ['ArrowLeft', true, 0.3],
    ['Home', false, range.low],
    ['End', false, range.high],
    ['Enter', false, undefined],
  ])('%s with Shift %s leads to %s', (key, shift, wanted) => {
    const value = keyedValue(key, shift, 0.35, range)
    if (wanted === undefined) expect(value).toBeUndefined()
    else expect(value).toBeCloseTo(wanted, 10)
  })
})
