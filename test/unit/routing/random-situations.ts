import type { RoutingStrategy } from '../../../gateway/config/delivery-settings.ts'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import type { RequestFacts } from '../../../gateway/model/request-facts.ts'
import type { DeploymentCondition, RoutingSnapshot } from '../../../gateway/routing/plan-types.ts'
import { createRandomSource } from '../../../gateway/routing/seeded-random.ts'
import { makeCondition, makeDeployment, makeFacts, makeRouter, makeSnapshot, makeTarget } from './routing-fixtures.ts'

/** A request, a moment, and everything that is known then. */
export interface Situation {
  readonly facts: RequestFacts
  readonly snapshot: RoutingSnapshot
  readonly deployments: readonly Deployment[]
  readonly conditions: ReadonlyMap<string, DeploymentCondition>
}

const groupNames = ['a', 'b', 'c', 'd']
const askable = [...groupNames, 'router', 'alias', 'a-0', 'wild/x']
const tags = ['eu', 'us', 'default']
const strategies: readonly RoutingStrategy[] = [
  'simple-shuffle',
  'least-busy',
  'latency-based-routing',
  'usage-based-routing',
  'usage-based-routing-v2',
  'cost-based-routing',
]

/** Makes the situation of a seed in [0, 1): the same seed, the same situation. `now` is a simulated clock's, in ms. */
export function randomSituation(seed: number, now: number): Situation {
  const draw = drawFrom(createRandomSource(seed))
  const deployments = Array.from({ length: draw.whole(1, 9) }, (_, index) => randomDeployment(draw, index))
  if (draw.chance(0.3)) deployments.push(makeDeployment('wild/*', { id: 'w', upstreamModel: '*', order: 1 }))
  const conditions = new Map(
    deployments
      .filter(() => draw.chance(0.6))
      .map((deployment) => [deployment.id, randomCondition(draw, now)] as const),
  )
  const facts = randomFacts(draw)
  const snapshot = makeSnapshot({
    deployments,
    routers: [randomRouter(draw)],
    config: {
      aliases: new Map([['alias', { group: 'b', hidden: false }]]),
      fallbacks: randomChains(draw),
      contextWindowFallbacks: randomChains(draw),
      contentPolicyFallbacks: randomChains(draw),
      maxFallbacks: draw.whole(0, 5),
      routing: {
        strategy: draw.of(strategies),
        strategyArgs: { ttlMs: 1, lowestLatencyBuffer: draw.of([0, 0.5]), maxLatencyListSize: 1 },
      },
      tagFiltering: { enabled: draw.chance(0.4), matchAny: draw.chance(0.5) },
    },
    delivery: {
      queueMs: draw.of([0, 10_000]),
      fallbacks: { maxCostRatio: draw.chance(0.3) ? draw.of([0, 1, 2]) : undefined },
    },
    snapshot: {
      now,
      random: draw.number(),
      condition: (id) => conditions.get(id),
      priceOf: ({ weight }) => (weight === undefined ? undefined : { input: weight, output: weight }),
      bytesPerToken: () => undefined,
      allowedModels: draw.chance(0.3) ? draw.some(askable, 0.6) : undefined,
    },
  })
  return { facts, snapshot, deployments, conditions }
}

type Draw = ReturnType<typeof drawFrom>

function drawFrom(random: () => number) {
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1))
  const chance = (probability: number) => random() < probability
  const of = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value
  return {
    number: random,
    whole,
    chance,
    of,
    some: <Value>(values: readonly Value[], probability: number) => values.filter(() => random() < probability),
    maybe: <Value>(probability: number, make: () => Value) => (random() < probability ? make() : undefined),
  }
}

function randomDeployment(draw: Draw, index: number): Deployment {
  const modelName = draw.of(groupNames)
  return makeDeployment(modelName, {
    id: `${modelName}-${index}`,
    order: draw.whole(1, 2),
    weight: draw.maybe(0.7, () => draw.whole(0, 3)),
    rpm: draw.maybe(0.3, () => draw.whole(0, 60)),
    tpm: draw.maybe(0.3, () => draw.whole(0, 5000)),
    contextWindow: draw.maybe(0.4, () => draw.of([1000, 8000])),
    failFast: draw.chance(0.05),
    tags: draw.some(tags, 0.3),
    apiKey: draw.chance(0.1) ? { kind: 'missing', names: ['KEY'] } : { kind: 'none' },
  })
}

function randomCondition(draw: Draw, now: number): DeploymentCondition {
  return makeCondition({
    ...(draw.chance(0.4)
      ? { cooledUntil: now + draw.whole(-5000, 10_000), cooledBy: draw.of(['failures', 'rate_limit']) }
      : {}),
    ...(draw.chance(0.2)
      ? { full: draw.chance(0.5) ? { limit: 'slots' } : { limit: 'rpm', until: now + draw.whole(-500, 9000) } }
      : {}),
    ...(draw.chance(0.15) ? { down: { reason: 'is down' } } : {}),
    ...(draw.chance(0.1) ? { overBudget: { reason: 'has used up its budget' } } : {}),
    ...(draw.chance(0.2) ? { slow: true } : {}),
    inFlight: draw.whole(0, 5),
    requestsThisMinute: draw.whole(0, 60),
    tokensThisMinute: draw.whole(0, 5000),
    ...(draw.chance(0.5) ? { firstTokenMs: draw.whole(1, 2000), msPerToken: draw.whole(1, 50) } : {}),
  })
}

function randomFacts(draw: Draw): RequestFacts {
  const tokens = draw.of([10, 500, 1500, 9000])
  return makeFacts({
    model: draw.of(askable),
    stream: draw.chance(0.5),
    bodyBytes: tokens * draw.whole(2, 6),
    leastInputTokens: () => tokens,
    tags: draw.chance(0.4) ? draw.some(tags.slice(0, 2), 0.7) : [],
    requestFallbacks: draw.maybe(0.2, () => draw.some(askable, 0.4)),
    controls: draw.chance(0.2)
      ? { contextWindowFallbacks: draw.some(askable, 0.4), maxFallbacks: draw.whole(0, 3) }
      : {},
  })
}

function randomRouter(draw: Draw) {
  const tier = () => draw.some(['a', 'b', 'c', 'wild/y'], 0.5).map((model) => makeTarget(model))
  return makeRouter({ tiers: { SIMPLE: tier(), MEDIUM: tier(), COMPLEX: tier(), REASONING: tier() } })
}

function randomChains(draw: Draw): ReadonlyMap<string, readonly string[]> {
  const owners = draw.some([...askable, '*', 'wild/*'], 0.4)
  return new Map(owners.map((owner) => [owner, draw.some(askable, 0.5)]))
}
