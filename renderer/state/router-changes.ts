import { tierOrder, type Tier } from '../contract.ts'
import { dimensionOrder } from './dimensions.ts'
import {
  boundaryOrder,
  editedRouter,
  type BoundaryName,
  readWeight,
  realEdits,
  type RouterEdits,
  type SavedRouter,
} from './router-edits.ts'
import { strings } from '../strings.ts'
import { formatScore } from '../format/figures.ts'

const words = strings.routerEditor

/** The tier that begins at a boundary. */
export const tierFrom: Readonly<Record<BoundaryName, Tier>> = {
  simple_medium: 'MEDIUM',
  medium_complex: 'COMPLEX',
  complex_reasoning: 'REASONING',
}

/** Every change in words, in the order of the page: `technicalTerms 0.25 → 0.20`. */
export function describeChanges(saved: SavedRouter, given: RouterEdits): string[] {
  const edits = realEdits(saved, given)
  const now = editedRouter(saved, edits)
  const { change } = words
  return [
    ...tierOrder.flatMap((tier) =>
      edits.tiers[tier] === undefined ? [] : change.tier(tier, chainText(now.tiers[tier])),
    ),
    ...boundaryOrder.flatMap((name) =>
      edits.boundaries[name] === undefined
        ? []
        : change.boundary(tierFrom[name], formatScore(saved.boundaries[name]), formatScore(now.boundaries[name])),
    ),
    ...dimensionOrder.flatMap((name) =>
      edits.weights[name] === undefined
        ? []
        : change.from(name, formatScore(saved.weights[name]), weightText(edits.weights[name] ?? '')),
    ),
    ...(edits.noSignalTier === undefined
      ? []
      : [change.noSignal(saved.noSignalTier ?? words.rules.byScore, now.noSignalTier ?? words.rules.byScore)]),
  ]
}

/** What is no number is said as it was typed. */
function weightText(typed: string): string {
  const weight = readWeight(typed)
  return weight === undefined ? `“${typed}”` : formatScore(weight)
}

/** A chain as one line. */
export function chainText(chain: readonly string[]): string {
  return chain.length === 0 ? words.wasNothing : chain.join(' › ')
}
