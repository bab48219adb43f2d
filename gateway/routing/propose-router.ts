import type { RouterProposal } from '../contract/setup.ts'
import { type Tier, tiers } from '../model/tier.ts'

/** A model that a proposed router may use. */
export interface ProposableModel {
  readonly name: string
  /** Runs on a server of one's own. */
  readonly local: boolean
  /** USD per million output tokens, or what they would cost; undefined = unknown. */
  readonly outputPrice: number | undefined
  readonly tools: boolean
  readonly reasoning: boolean
}

export type Proposal =
  | { readonly proposal: RouterProposal; readonly none?: undefined }
  | { readonly proposal?: undefined; readonly none: string }

/**
 * A router made of what is there, cheapest model lowest: what runs here first, then by price, which is all that is known
 * of a model's strength. Each tier has the next model as its stand-in. Pure.
 */
export function proposeRouter(models: readonly ProposableModel[], takenNames: ReadonlySet<string>): Proposal {
  const usable = models.filter(({ tools }) => tools)
  const ranked = [...usable].sort(byCost)
  const [lowest] = ranked
  if (lowest === undefined) return { none: 'There is no model yet. Add a key or start a local server first.' }
  if (ranked.length === 1) {
    return { none: `There is one model, ${lowest.name}; a router needs two to choose between.` }
  }
  const chosen = tiersOf(ranked)
  return {
    proposal: {
      name: freeName(takenNames),
      tiers: chosen.map(({ tier, model }) => ({ tier, models: chainOf(model, ranked) })),
      reasons: chosen.map(({ tier, model }) => reasonOf(tier, model)),
    },
  }
}

interface ChosenModel {
  readonly tier: Tier
  readonly model: ProposableModel
}

/** Spread over the ranking: two models are the ends, three have a middle, more have a top that thinks where there is one. */
function tiersOf(ranked: readonly ProposableModel[]): readonly ChosenModel[] {
  const count = ranked.length
  const at = (index: number) => ranked[Math.min(count - 1, Math.round(index))] as ProposableModel
  if (count === 2) return pair(['SIMPLE', 'COMPLEX'], [at(0), at(1)])
  if (count === 3) return pair(['SIMPLE', 'MEDIUM', 'COMPLEX'], [at(0), at(1), at(2)])
  const thinker = ranked.findLast(({ reasoning }) => reasoning)
  const top = thinker === undefined || ranked.indexOf(thinker) < count / 2 ? at(count - 1) : thinker
  return pair(tiers, [at(0), at((count - 1) / 3), at((2 * (count - 1)) / 3), top])
}

function pair(words: readonly Tier[], models: readonly ProposableModel[]): readonly ChosenModel[] {
  return words.map((tier, index) => ({ tier, model: models[index] as ProposableModel }))
}

/** The model and its neighbour above, or below at the top. */
function chainOf(model: ProposableModel, ranked: readonly ProposableModel[]): string[] {
  const place = ranked.indexOf(model)
  const neighbour = ranked[place + 1] ?? ranked[place - 1]
  return neighbour === undefined ? [model.name] : [model.name, neighbour.name]
}

function reasonOf(tier: Tier, { name, local, outputPrice, reasoning }: ProposableModel): string {
  const facts = [
    local ? 'runs on a server of your own' : undefined,
    !local && outputPrice !== undefined ? `$${String(outputPrice)} per million output tokens` : undefined,
    !local && outputPrice === undefined ? 'its price is not known' : undefined,
    tier === 'REASONING' && reasoning ? 'thinks before it answers' : undefined,
  ]
  return `${tier}: ${name} (${facts.filter((fact) => fact !== undefined).join(', ')}).`
}

/** Local first, then by price; an unknown price is neither cheap nor dear. */
function byCost(first: ProposableModel, second: ProposableModel): number {
  if (first.local !== second.local) return first.local ? -1 : 1
  const unknown = 5
  const difference = (first.outputPrice ?? unknown) - (second.outputPrice ?? unknown)
  return difference === 0 ? first.name.localeCompare(second.name) : difference
}

function freeName(taken: ReadonlySet<string>): string {
  const base = 'smart-router'
  for (let index = 1; ; index += 1) {
    const name = index === 1 ? base : `${base}-${index}`
    if (!taken.has(name)) return name
  }
}
