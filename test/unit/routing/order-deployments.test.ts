import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { orderDeployments } from '../../../gateway/routing/order-deployments.ts'
import { createRandomSource } from '../../../gateway/routing/seeded-random.ts'
import { makeDeployment, makeOrdering } from './routing-fixtures.ts'

function group(...parts: readonly Partial<Deployment>[]): Deployment[] {
  return parts.map((part, index) => makeDeployment('group', { id: `d${index}`, ...part }))
}

/** How often each deployment comes first over evenly spread numbers, in percent. */
function firstShares(deployments: readonly Deployment[], draws = 1000): number[] {
  const firsts = Array.from(
    { length: draws },
    (_, index) => orderDeployments(deployments, makeOrdering(), createRandomSource(index / draws))[0]?.id,
  )
  return deployments.map(({ id }) => Math.round((firsts.filter((first) => first === id).length * 100) / draws))
}

describe('orderDeployments', () => {
  test('the lowest order comes first whatever the weights', () => {
    const deployments = group({ order: 2, weight: 100 }, { order: 1, weight: 1 })
    expect(firstShares(deployments)).toEqual([0, 100])
  })

  test.each<[string, Partial<Deployment>[], number[]]>([
    [
      'weight',
      [
        { weight: 3, rpm: 1 },
        { weight: 1, rpm: 99 },
      ],
      [75, 25],
    ],
    [
      'rpm without weight',
      [
        { rpm: 1, tpm: 9 },
        { rpm: 4, tpm: 1 },
      ],
      [20, 80],
    ],
    ['tpm without both', [{ tpm: 1 }, { tpm: 1 }], [50, 50]],
    ['nothing', [{}, {}, {}, {}], [25, 25, 25, 25]],
    ['a missing value as 0', [{ weight: 1 }, {}], [100, 0]],
    ['zeros evenly', [{ weight: 0 }, { weight: 0 }], [50, 50]],
  ])('draws by %s', (_, parts, shares) => {
    expect(firstShares(group(...parts))).toEqual(shares)
  })

  test('keeps every deployment exactly once', () => {
    const part = fc.record({
      weight: fc.option(fc.double({ min: 0, max: 5, noNaN: true }), { nil: undefined }),
      order: fc.nat({ max: 2 }),
    })
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 9 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (parts, seed) => {
          const deployments = group(...parts)
          const ordered = orderDeployments(deployments, makeOrdering(), createRandomSource(seed))
          expect(ordered.map(({ id }) => id).sort()).toEqual(deployments.map(({ id }) => id).sort())
          expect(ordered.map(({ order }) => order)).toEqual(
            ordered.map(({ order }) => order).sort((left, right) => left - right),
          )
        },
      ),
    )
  })
})

describe('createRandomSource', () => {
  test('gives the seed, then numbers in [0, 1) that depend on it alone', () => {
    const draw = (seed: number) => {
      const source = createRandomSource(seed)
      return Array.from({ length: 50 }, () => source())
    }
    expect(draw(0.25)[0]).toBe(0.25)
    expect(draw(0.25)).toEqual(draw(0.25))
    expect(draw(0.25).slice(1)).not.toEqual(draw(0.75).slice(1))
    expect(draw(0.999_999).every((value) => value >= 0 && value < 1)).toBe(true)
    expect(new Set(draw(0)).size).toBeGreaterThan(45)
  })
})
