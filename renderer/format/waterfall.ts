import type { Boundaries, Tier } from '../contract.ts'
import { tierOrder } from '../contract.ts'

export interface WaterfallBar {
  /** Percent of the chart's width. */
  readonly left: number
  readonly width: number
  readonly negative: boolean
}

export interface WaterfallZone {
  readonly tier: Tier
  readonly left: number
  readonly width: number
}

export interface Waterfall {
  /** One per step, each beginning where the one above ended. */
  readonly bars: readonly WaterfallBar[]
  readonly zones: readonly WaterfallZone[]
  /** Places of zero and of the score. */
  readonly zero: number
  readonly score: number
  readonly boundaries: readonly { readonly value: number; readonly at: number }[]
}

const margin = 0.12

/** Lays the steps of a score out over the zones of the tiers. All places are percent of the chart's width. */
export function layoutWaterfall(steps: readonly number[], score: number, boundaries: Boundaries): Waterfall {
  const ends = runningSums(steps)
  const edges = [boundaries.simple_medium, boundaries.medium_complex, boundaries.complex_reasoning]
  const values = [0, score, ...ends, ...edges]
  const low = Math.min(...values) - margin
  const high = Math.max(...values) + margin
  const at = (value: number) => ((value - low) / (high - low)) * 100
  const stops = [low, ...edges, high]
  return {
    bars: steps.map((step, index) => {
      const start = index === 0 ? 0 : (ends[index - 1] ?? 0)
      const from = at(Math.min(start, start + step))
      return { left: from, width: at(Math.max(start, start + step)) - from, negative: step < 0 }
    }),
    zones: tierOrder.map((tier, index) => {
      const left = at(stops[index] ?? low)
      return { tier, left, width: Math.max(0, at(stops[index + 1] ?? high) - left) }
    }),
    zero: at(0),
    score: at(score),
    boundaries: edges.map((value) => ({ value, at: at(value) })),
  }
}

function runningSums(steps: readonly number[]): readonly number[] {
  let sum = 0
  return steps.map((step) => (sum += step))
}
