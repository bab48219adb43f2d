import { describe, expect, test } from 'vitest'
import type { RoutingStrategy } from '../../../gateway/config/delivery-settings.ts'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { orderDeployments, type OrderingFacts } from '../../../gateway/routing/order-deployments.ts'
import type { DeploymentCondition } from '../../../gateway/routing/plan-types.ts'
import { createRandomSource } from '../../../gateway/routing/seeded-random.ts'
import { quietDelivery } from '../../doubles/quiet-config.ts'
import { conditions, makeDeployment, makeOrdering } from './routing-fixtures.ts'

type Conditions = Readonly<Record<string, Partial<DeploymentCondition>>>

function group(...parts: readonly Partial<Deployment>[]): Deployment[] {
  return parts.map((part, index) => makeDeployment('group', { id: 'abcdefgh'[index] ?? 'z', ...part }))
}

function order(
  deployments: readonly Deployment[],
  strategy: RoutingStrategy,
  given: Partial<OrderingFacts> & { readonly of?: Conditions } = {},
  seed = 0.5,
): string {
  const { of = {}, ...facts } = given
  const ordering = makeOrdering({ strategy, condition: conditions(of), ...facts })
  return orderDeployments(deployments, ordering, createRandomSource(seed))
    .map(({ id }) => id)
    .join('')
}

/** Who comes first over many seeds. */
function firsts(...parameters: Parameters<typeof order>): Set<string> {
  const [deployments, strategy, given] = parameters
  const seeds = Array.from({ length: 200 }, (_, index) => index / 200)
  return new Set(seeds.map((seed) => order(deployments, strategy, given, seed)[0] ?? ''))
}

const three = group({}, {}, {})

describe('least-busy', () => {
  test('takes the one with the fewest running requests', () => {
    const of = { a: { inFlight: 3 }, b: { inFlight: 1 }, c: { inFlight: 2 } }
    expect(order(three, 'least-busy', { of })).toBe('bca')
  })

  test('leaves equals to chance', () => {
    expect(firsts(three, 'least-busy', { of: { a: { inFlight: 1 } } })).toEqual(new Set(['b', 'c']))
  })
})

describe('latency-based-routing', () => {
  const of = {
    a: { firstTokenMs: 900, msPerToken: 10 },
    b: { firstTokenMs: 300, msPerToken: 30 },
    c: { firstTokenMs: 400, msPerToken: 20 },
  }

  test('counts the first token of streams, and time per token of whole answers', () => {
    expect(order(three, 'latency-based-routing', { of, stream: true })).toBe('bca')
    expect(order(three, 'latency-based-routing', { of, stream: false })).toBe('acb')
  })

  test('tries first what was never measured', () => {
    expect(order(three, 'latency-based-routing', { of: { a: of.a, b: of.b }, stream: true })).toBe('cba')
  })

  test('within the buffer of the lowest all are equals', () => {
    const buffered = (lowestLatencyBuffer: number) => ({
      of,
      stream: true,
      strategyArgs: { ...quietDelivery.routing.strategyArgs, lowestLatencyBuffer },
    })
    expect(firsts(three, 'latency-based-routing', buffered(0.5))).toEqual(new Set(['b', 'c']))
    expect(firsts(three, 'latency-based-routing', buffered(0))).toEqual(new Set(['b']))
    expect(order(three, 'latency-based-routing', buffered(0.5)).at(-1)).toBe('a')
  })
})

describe('usage-based-routing', () => {
  const of = { a: { tokensThisMinute: 500 }, b: { tokensThisMinute: 90 }, c: { tokensThisMinute: 200 } }

  test.each(['usage-based-routing', 'usage-based-routing-v2'] as const)('%s takes the least used', (strategy) => {
    expect(order(three, strategy, { of })).toBe('bca')
  })

  test('v2 puts last what this request would take beyond its limits', () => {
    const limited = group({}, { tpm: 150 }, { rpm: 2 })
    const busy = { ...of, c: { tokensThisMinute: 10, requestsThisMinute: 2 } }
    expect(order(limited, 'usage-based-routing-v2', { of: busy, estimatedTokens: () => 61 })[0]).toBe('a')
    expect(order(limited, 'usage-based-routing-v2', { of: busy, estimatedTokens: () => 60 })[0]).toBe('b')
    expect(order(limited, 'usage-based-routing', { of: busy })[0]).toBe('c')
  })
})

describe('cost-based-routing', () => {
  test('takes the cheapest, input counting three times; an unknown price is the dearest', () => {
    const prices: Readonly<Record<string, { input: number; output: number }>> = {
      a: { input: 3, output: 1 },
      b: { input: 1, output: 6 },
    }
    expect(order(three, 'cost-based-routing', { priceOf: ({ id }) => prices[id] })).toBe('bac')
  })
})

describe('every strategy', () => {
  const strategies: readonly RoutingStrategy[] = [
    'simple-shuffle',
    'least-busy',
    'latency-based-routing',
    'usage-based-routing',
    'usage-based-routing-v2',
    'cost-based-routing',
  ]
  const best = { inFlight: 0, firstTokenMs: 1, msPerToken: 1, tokensThisMinute: 0 }
  const worse = { inFlight: 5, firstTokenMs: 500, msPerToken: 500, tokensThisMinute: 500 }

  test.each(strategies)('%s keeps the order of the file before all else', (strategy) => {
    const deployments = group({ order: 2, weight: 9 }, { order: 1, weight: 1 })
    expect(order(deployments, strategy, { of: { a: best, b: worse } })).toBe('ba')
  })

  test.each(strategies)('%s puts what is slow behind its equals, and not behind a later order', (strategy) => {
    const deployments = group({ order: 1 }, { order: 1 }, { order: 2 })
    const of = { a: { ...best, slow: true }, b: worse, c: best }
    expect(order(deployments, strategy, { of })).toBe('bac')
  })

  test.each(strategies)('%s puts what is probably too small behind what is slow', (strategy) => {
    const deployments = group({}, {}, {})
    const of = { a: best, b: { ...worse, slow: true }, c: worse }
    expect(order(deployments, strategy, { of, isTight: ({ id }) => id === 'a' })).toBe('cba')
  })
})
