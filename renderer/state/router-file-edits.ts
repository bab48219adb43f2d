import type { ConfigEdit } from '../../gateway/contract/config.ts'
import { type RouterSettings, type Tier, tierOrder } from '../contract.ts'
import { dimensionOrder } from './dimensions.ts'
import { boundaryOrder, editedRouter, realEdits, type RouterEdits, type SavedRouter } from './router-edits.ts'

type Path = NonNullable<RouterSettings['place']>

/**
 * The changes of the config file that save these edits: as small as they can be, so that the file keeps its comments and
 * its way of writing. Weights are written as a whole where the file has none, since one that is left out there counts 0.
 */
export function fileEdits(settings: RouterSettings, saved: SavedRouter, given: RouterEdits): ConfigEdit[] {
  if (settings.place === null) return []
  const place = settings.place
  const edits = realEdits(saved, given)
  const { tiers, boundaries, weights } = editedRouter(saved, edits)
  const changedWeights = dimensionOrder.filter((name) => edits.weights[name] !== undefined)
  const wholeWeights = changedWeights.length > 0 && !isBlock(settings.written.dimension_weights)
  return [
    ...tierOrder.flatMap((tier) => (edits.tiers[tier] === undefined ? [] : chainEdit(settings, tier, tiers[tier]))),
    ...boundaryOrder.flatMap((name) =>
      edits.boundaries[name] === undefined ? [] : [set([...place, 'tier_boundaries', name], boundaries[name])],
    ),
    ...(wholeWeights
      ? [set([...place, 'dimension_weights'], weights)]
      : changedWeights.map((name) => set([...place, 'dimension_weights', name], weights[name]))),
    ...(edits.noSignalTier === undefined ? [] : [noSignalEdit(place, edits.noSignalTier)]),
  ]
}

function noSignalEdit(place: Path, tier: Tier | null): ConfigEdit {
  const path = [...place, 'no_signal_tier']
  return tier === null ? { op: 'remove', path } : set(path, tier)
}

/** A step that the file writes with fields of its own keeps them wherever it goes. */
function chainEdit({ place, written }: RouterSettings, tier: Tier, chain: readonly string[]): ConfigEdit[] {
  const path = [...(place ?? []), 'tiers', tier]
  if (chain.length === 0) return [{ op: 'remove', path }]
  const before = isBlock(written.tiers) ? written.tiers[tier] : undefined
  const steps = Array.isArray(before) ? before : before === undefined ? [] : [before]
  const stepOf = (name: string): unknown => steps.find((step) => nameOf(step) === name) ?? name
  const names = steps.map(nameOf)
  if (Array.isArray(before)) {
    const added = chain.at(-1)
    if (added !== undefined && sameNames(chain.slice(0, -1), names)) return [{ op: 'append', path, value: added }]
    const gone = names.findIndex((name, index) => name !== chain[index])
    if (sameNames(chain, names.toSpliced(gone, 1))) return [{ op: 'remove', path: [...path, gone] }]
  }
  const [only] = chain
  const scalar = chain.length === 1 && only !== undefined && !Array.isArray(before)
  return [set(path, scalar ? stepOf(only) : chain.map(stepOf))]
}

function set(path: Path, value: unknown): ConfigEdit {
  return { op: 'set', path, value }
}

function nameOf(step: unknown): string {
  if (typeof step === 'string') return step
  return isBlock(step) && typeof step.model_name === 'string' ? step.model_name : ''
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => other[index] === name)
}

function isBlock(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
