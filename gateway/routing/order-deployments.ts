import type { RoutingSettings } from '../config/delivery-settings.ts'
import type { Deployment } from '../config/gateway-config.ts'
import { blendedPrice } from './cost-limit.ts'
import type { ComparablePrice, DeploymentCondition } from './plan-types.ts'
import type { RandomSource } from './seeded-random.ts'

/** What the order of a group's deployments depends on. */
export interface OrderingFacts extends RoutingSettings {
  readonly stream: boolean
  /** Input tokens that the request probably has on a deployment. */
  readonly estimatedTokens: (deployment: Deployment) => number
  readonly condition: (deploymentId: string) => DeploymentCondition | undefined
  readonly priceOf: (deployment: Deployment) => ComparablePrice | undefined
  /** True when the request is probably too long for it. */
  readonly isTight: (deployment: Deployment) => boolean
}

/**
 * Orders the deployments of a group: lowest `order` first; among those the ones that have room and are not slow; among
 * equals as the strategy says, and where that sees no difference by chance.
 */
export function orderDeployments(
  deployments: readonly Deployment[],
  facts: OrderingFacts,
  random: RandomSource,
): readonly Deployment[] {
  if (deployments.length < 2) return deployments
  const drawn =
    facts.strategy === 'simple-shuffle' ? weightedShuffle(deployments, random) : shuffle(deployments, random)
  const scores = scoreAll(drawn, facts)
  const ranks = new Map(drawn.map((deployment) => [deployment, rankOf(deployment, facts)]))
  return drawn.toSorted(
    (left, right) =>
      left.order - right.order ||
      (ranks.get(left) ?? 0) - (ranks.get(right) ?? 0) ||
      compare(scores?.get(left) ?? 0, scores?.get(right) ?? 0),
  )
}

/** Infinity equals itself. */
function compare(left: number, right: number): number {
  return left === right ? 0 : left - right
}

function rankOf(deployment: Deployment, facts: OrderingFacts): number {
  const slow = facts.condition(deployment.id)?.slow === true ? 1 : 0
  return slow + (facts.isTight(deployment) ? 2 : 0)
}

/** Lower is better; undefined where chance decides alone. */
function scoreAll(
  deployments: readonly Deployment[],
  facts: OrderingFacts,
): ReadonlyMap<Deployment, number> | undefined {
  if (facts.strategy === 'simple-shuffle') return undefined
  const scores = new Map(deployments.map((deployment) => [deployment, scoreOf(deployment, facts)]))
  return facts.strategy === 'latency-based-routing'
    ? withinBuffer(scores, facts.strategyArgs.lowestLatencyBuffer)
    : scores
}

function scoreOf(deployment: Deployment, facts: OrderingFacts): number {
  const condition = facts.condition(deployment.id)
  switch (facts.strategy) {
    case 'least-busy':
      return condition?.inFlight ?? 0
    case 'latency-based-routing':
      // What was never measured comes first, or it never would be.
      return (facts.stream ? condition?.firstTokenMs : condition?.msPerToken) ?? 0
    case 'usage-based-routing':
      return condition?.tokensThisMinute ?? 0
    case 'usage-based-routing-v2':
      return isOverUsed(deployment, facts, condition) ? Infinity : (condition?.tokensThisMinute ?? 0)
    case 'cost-based-routing': {
      const price = facts.priceOf(deployment)
      return price === undefined ? Infinity : blendedPrice(price)
    }
    default:
      return 0
  }
}

/** True when this request would go beyond the deployment's `rpm` or `tpm`. */
function isOverUsed(deployment: Deployment, facts: OrderingFacts, condition: DeploymentCondition | undefined): boolean {
  const { rpm, tpm } = deployment
  if (rpm !== undefined && (condition?.requestsThisMinute ?? 0) + 1 > rpm) return true
  return tpm !== undefined && (condition?.tokensThisMinute ?? 0) + facts.estimatedTokens(deployment) > tpm
}

/** All within the buffer of the lowest latency are equals. */
function withinBuffer(scores: ReadonlyMap<Deployment, number>, buffer: number): ReadonlyMap<Deployment, number> {
  if (buffer <= 0) return scores
  const lowest = Math.min(...scores.values())
  const limit = lowest * (1 + buffer)
  return new Map([...scores].map(([deployment, score]) => [deployment, score <= limit ? lowest : score]))
}

interface Weighted {
  readonly deployment: Deployment
  readonly weight: number
}

/**
 * LiteLLM's simple-shuffle: by `weight` if the first of them has one, else by `rpm`, else by `tpm`, else evenly; a missing
 * value weighs 0. What weighs nothing comes last. Each `order` has its own measure.
 */
function weightedShuffle(deployments: readonly Deployment[], random: RandomSource): readonly Deployment[] {
  const orders = [...new Set(deployments.map(({ order }) => order))].sort((left, right) => left - right)
  return orders.flatMap((order) => draw(weigh(deployments.filter((deployment) => deployment.order === order)), random))
}

function shuffle(deployments: readonly Deployment[], random: RandomSource): readonly Deployment[] {
  return draw(
    deployments.map((deployment) => ({ deployment, weight: 1 })),
    random,
  )
}

function draw(remaining: Weighted[], random: RandomSource): Deployment[] {
  const ordered: Deployment[] = []
  while (remaining.length > 1) {
    const [drawn] = remaining.splice(drawIndex(remaining, random()), 1)
    if (drawn !== undefined) ordered.push(drawn.deployment)
  }
  return [...ordered, ...remaining.map((last) => last.deployment)]
}

function weigh(deployments: readonly Deployment[]): Weighted[] {
  const [first] = deployments
  const measure = (['weight', 'rpm', 'tpm'] as const).find((name) => first?.[name] !== undefined)
  return deployments.map((deployment) => ({
    deployment,
    weight: measure === undefined ? 1 : Math.max(0, deployment[measure] ?? 0),
  }))
}

/** Draws in proportion to the weights; evenly when all that remain weigh nothing. */
function drawIndex(remaining: readonly Weighted[], random: number): number {
  const total = remaining.reduce((sum, { weight }) => sum + weight, 0)
  if (total <= 0) return Math.floor(random * remaining.length)
  let left = random * total
  const index = remaining.findIndex(({ weight }) => {
    left -= weight
    return left < 0
  })
  // Rounding can leave a rest of zero at the very end.
  return index === -1 ? remaining.length - 1 : index
}
