import fastCheck from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markFiredWords } from '../../../../renderer/format/fired-words.ts'
import { parseReason } from '../../../../renderer/format/reason.ts'
import { describePlace, zoneOf } from '../../../../renderer/format/score-place.ts'
import { layoutWaterfall } from '../../../../renderer/format/waterfall.ts'

const boundaries = { simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55 }

describe('parseReason', () => {
  it('reads the steps of a sum', () => {
    expect(parseReason('reasoning 0.28, simple -0.20, multi-step 0.015', 0.095)).toEqual([
      { name: 'reasoning', adds: 0.28 },
      { name: 'simple', adds: -0.2 },
      { name: 'multi-step', adds: 0.015 },
    ])
  })

  it.each([
    ['no signal', 0],
    ['two reasoning markers', 0.4],
    ['pinned', null],
    ['code 0.10', null],
    [null, 0.1],
  ])('knows no steps in %s with score %s', (reason, score) => expect(parseReason(reason, score)).toBeUndefined())

  it('shows no sum that does not give the score', () => expect(parseReason('code 0.10', 0.3)).toBeUndefined())

  it('never throws, whatever the reason', () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.string(), fastCheck.double(), (reason, score) => {
        parseReason(reason, score)
      }),
    )
  })
})

describe('zoneOf and describePlace', () => {
  it.each([
    [-0.2, 'SIMPLE', 'under 0.10'],
    [0.1, 'MEDIUM', 'between 0.10 and 0.25'],
    [0.25, 'COMPLEX', 'between 0.25 and 0.55'],
    [0.55, 'REASONING', 'on 0.55'],
    [0.595, 'REASONING', 'over 0.55'],
  ] as const)('puts %d into %s, %s', (score, tier, words) => {
    expect(zoneOf(score, boundaries)).toBe(tier)
    expect(describePlace(score, boundaries)).toBe(words)
  })
})

describe('layoutWaterfall', () => {
  it('begins each bar where the one above ended', () => {
    const { bars, zero, score } = layoutWaterfall([0.28, 0.25, -0.2], 0.33, boundaries)
    expect(bars[0]?.left).toBeCloseTo(zero)
    expect(bars[1]?.left).toBeCloseTo((bars[0]?.left ?? 0) + (bars[0]?.width ?? 0))
    expect(bars[2]?.left).toBeCloseTo(score)
    expect(bars.map((bar) => bar.negative)).toEqual([false, false, true])
  })

  it('keeps everything inside, the zones side by side and full', () => {
    const step = fastCheck.double({ min: -1, max: 1, noNaN: true })
    fastCheck.assert(
      fastCheck.property(fastCheck.array(step, { maxLength: 7 }), (steps) => {
        const score = steps.reduce((sum, one) => sum + one, 0)
        const layout = layoutWaterfall(steps, score, boundaries)
        for (const bar of layout.bars) {
          expect(bar.left).toBeGreaterThan(0)
          expect(bar.left + bar.width).toBeLessThan(100)
        }
        expect(layout.zones.reduce((sum, zone) => sum + zone.width, 0)).toBeCloseTo(100)
      }),
    )
  })
})

describe('markFiredWords', () => {
  const fired = (prompt: string, ...words: string[]) =>
    markFiredWords(prompt, words)
      .filter((part) => part.fired)
      .map((part) => part.text)

  it('marks whole words in any case', () => expect(fired('The API, not capital', 'api')).toEqual(['API']))
  it('prefers the longer phrase', () =>
    expect(fired('explain your reasoning', 'reasoning', 'explain your reasoning')).toEqual(['explain your reasoning']))
  it('takes words for what they are, not for patterns', () =>
    expect(fired('a+b (x', 'a+b', '(x')).toEqual(['a+b', '(x']))

  it('loses no letter of the prompt', () => {
    const words = fastCheck.array(fastCheck.string())
    fastCheck.assert(
      fastCheck.property(fastCheck.string(), words, (prompt, list) => {
        expect(
          markFiredWords(prompt, list)
            .map((part) => part.text)
            .join(''),
        ).toBe(prompt)
      }),
    )
  })
})
