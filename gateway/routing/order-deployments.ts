import type { Deployment } from '../config/gateway-config.ts'
import type { RandomSource } from './seeded-random.ts'

/**
 * Orders the deployments of a group: lowest `order` first; among equals a weighted shuffle, by `weight` if the first of
 * them has one, else by `rpm`, else by `tpm`, else evenly (LiteLLM's simple-shuffle; a missing value weighs 0).
 */
export function orderDeployments(deployments: readonly Deployment[], random: RandomSource): Deployment[] {
  if (deployments.length < 2) return [...deployments]
  const orders = [...new Set(deployments.map((deployment) => deployment.order))].sort((left, right) => left - right)
  return orders.flatMap((order) =>
    shuffle(
      deployments.filter((deployment) => deployment.order === order),
      random,
    ),
  )
}

interface Weighted {
  readonly deployment: Deployment
  readonly weight: number
}

function shuffle(deployments: readonly Deployment[], random: RandomSource): Deployment[] {
  const remaining = weigh(deployments)
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
