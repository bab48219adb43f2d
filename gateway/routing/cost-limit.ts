import type { Deployment } from '../config/gateway-config.ts'
import type { ComparablePrice, RoutingSnapshot } from './plan-types.ts'

/** Keeps fallbacks from costing more than the owner allows. */
export interface CostLimit {
  /** Why a deployment is too dear; undefined when it may be used. */
  refuse(deployment: Deployment): string | undefined
}

/** One number for a price: three parts input to one part output, as agents use them. USD per million tokens. */
export function blendedPrice({ input, output }: ComparablePrice): number {
  return (3 * input + output) / 4
}

/**
 * The limit of `signalbox.fallbacks.max_cost_ratio` for the fallbacks of some deployments, the dearest of which sets the
 * measure; undefined when the file sets none. A price that is not known cannot be compared, so that it passes no limit.
 */
export function costLimit(asked: readonly Deployment[], snapshot: RoutingSnapshot): CostLimit | undefined {
  const ratio = snapshot.config.signalbox.fallbacks.maxCostRatio
  if (ratio === undefined) return undefined
  const prices = asked.map((deployment) => snapshot.priceOf(deployment)).filter((price) => price !== undefined)
  const measure = prices.length === 0 ? undefined : Math.max(...prices.map((price) => blendedPrice(price)))
  return {
    refuse(deployment) {
      if (measure === undefined) return 'cannot be compared in price: that of the asked model is not known'
      const price = snapshot.priceOf(deployment)
      if (price === undefined) return 'cannot be compared in price: its own is not known'
      // Prices are decimal fractions: equal ones must not differ by a rounding error.
      return blendedPrice(price) <= measure * ratio * (1 + 1e-9) ? undefined : 'costs more than max_cost_ratio allows'
    },
  }
}
