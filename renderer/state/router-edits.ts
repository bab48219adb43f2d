import type { RouterDraft } from '../../gateway/contract/router-draft.ts'
import {
  type Boundaries,
  type DimensionName,
  type RouterSettings,
  type RouterView,
  type Tier,
  tierOrder,
} from '../contract.ts'

/** What a router decides by, as it is saved. */
export interface SavedRouter {
  /** Chains of models, first choice first; empty where the tier is not configured. */
  readonly tiers: Readonly<Record<Tier, readonly string[]>>
  readonly boundaries: Boundaries
  readonly weights: Readonly<Record<DimensionName, number>>
  /** For a prompt in which no dimension fired; null = by score. */
  readonly noSignalTier: Tier | null
}

/** What was changed and not saved. Absent = as saved. */
export interface RouterEdits {
  readonly tiers: Readonly<Partial<Record<Tier, readonly string[]>>>
  readonly boundaries: Readonly<Partial<Boundaries>>
  /** As typed: what is no number yet stays in its field. */
  readonly weights: Readonly<Partial<Record<DimensionName, string>>>
  readonly noSignalTier?: Tier | null
}

export type BoundaryName = keyof Boundaries

export const boundaryOrder = ['simple_medium', 'medium_complex', 'complex_reasoning'] as const satisfies BoundaryName[]

export const noEdits: RouterEdits = { tiers: {}, boundaries: {}, weights: {} }

const widestWeight = 10

export function savedRouter(router: RouterView, settings: RouterSettings): SavedRouter {
  const { boundaries, weights, noSignalTier } = settings
  return { tiers: chainsOf(router), boundaries, weights, noSignalTier }
}

/** The chains of all four tiers. */
export function chainsOf(router: RouterView): Readonly<Record<Tier, readonly string[]>> {
  const chain = (tier: Tier) => router.tiers.find((view) => view.tier === tier)?.models.map(({ name }) => name) ?? []
  return { SIMPLE: chain('SIMPLE'), MEDIUM: chain('MEDIUM'), COMPLEX: chain('COMPLEX'), REASONING: chain('REASONING') }
}

/** A weight as typed, or undefined where it is no number from −10 to 10. */
export function readWeight(typed: string): number | undefined {
  const text = typed.trim().replace('\u2212', '-')
  if (!/^-?(\d+(\.\d*)?|\.\d+)$/u.test(text)) return undefined
  const weight = Number(text)
  return Math.abs(weight) <= widestWeight ? weight : undefined
}

/** Edits without those that say what is saved already. */
export function realEdits(saved: SavedRouter, edits: RouterEdits): RouterEdits {
  const tiers = Object.entries(edits.tiers).filter(([tier, chain]) => !sameChain(chain, saved.tiers[tier as Tier]))
  const boundaries = Object.entries(edits.boundaries).filter(
    ([name, at]) => saved.boundaries[name as BoundaryName] !== at,
  )
  const weights = Object.entries(edits.weights).filter(
    ([name, typed]) => readWeight(typed) !== saved.weights[name as DimensionName],
  )
  const { noSignalTier } = edits
  return {
    tiers: Object.fromEntries(tiers),
    boundaries: Object.fromEntries(boundaries),
    weights: Object.fromEntries(weights),
    ...(noSignalTier === undefined || noSignalTier === saved.noSignalTier ? {} : { noSignalTier }),
  }
}

/** Saved settings with the edits over them; a weight that cannot be read counts as saved. */
export function editedRouter(saved: SavedRouter, edits: RouterEdits): SavedRouter {
  const weights = Object.entries(edits.weights).flatMap(([name, typed]) => {
    const weight = readWeight(typed)
    return weight === undefined ? [] : [[name, weight] as const]
  })
  return {
    tiers: { ...saved.tiers, ...edits.tiers },
    boundaries: { ...saved.boundaries, ...edits.boundaries },
    weights: { ...saved.weights, ...Object.fromEntries(weights) },
    noSignalTier: edits.noSignalTier === undefined ? saved.noSignalTier : edits.noSignalTier,
  }
}

/** Weights that are no numbers, in the order of the dimensions. */
export function unreadableWeights(edits: RouterEdits): DimensionName[] {
  return Object.entries(edits.weights).flatMap(([name, typed]) =>
    readWeight(typed) === undefined ? [name as DimensionName] : [],
  )
}

/** The edits as the gateway tries and replays them; undefined when nothing differs from what is saved. */
export function draftOf(saved: SavedRouter, edits: RouterEdits): RouterDraft | undefined {
  const { tiers, boundaries, weights, noSignalTier } = realEdits(saved, edits)
  const read = Object.entries(weights).flatMap(([name, typed]) => {
    const weight = readWeight(typed)
    return weight === undefined ? [] : [[name, weight] as const]
  })
  const chains = Object.entries(tiers).map(([tier, chain]) => [tier, chain.length === 0 ? null : [...chain]] as const)
  const draft: RouterDraft = {
    ...(chains.length === 0 ? {} : { tiers: Object.fromEntries(chains) }),
    ...(Object.keys(boundaries).length === 0 ? {} : { tier_boundaries: boundaries }),
    ...(read.length === 0 ? {} : { dimension_weights: Object.fromEntries(read) }),
    ...(noSignalTier === undefined ? {} : { no_signal_tier: noSignalTier }),
  }
  return Object.keys(draft).length === 0 ? undefined : draft
}

/** True when a router of these tiers could still answer. */
export function hasAnyModel(router: SavedRouter): boolean {
  return tierOrder.some((tier) => router.tiers[tier].length > 0)
}

function sameChain(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, place) => other[place] === name)
}
