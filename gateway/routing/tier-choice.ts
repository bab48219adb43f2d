import type { RouterDefinition, TierTarget } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import { type Tier, tiers } from '../model/tier.ts'

/** The tier that answers, its models in order, and a sentence when it is not the one that was wanted. */
export interface TierChoice {
  readonly tier: Tier
  readonly targets: readonly TierTarget[]
  readonly warning: string | undefined
}

/**
 * Gives the models of the wanted tier. A tier without a model, or whose models all wait for a backend, is replaced: by
 * the nearest tier above, then below, or by LiteLLM's default model where the router says so. Throws
 * `backend_unavailable` when no tier has a model.
 */
export function chooseTier(router: RouterDefinition, wanted: Tier): TierChoice {
  const targets = router.tiers[wanted] ?? []
  if (targets.some(isConfigured)) return { tier: wanted, targets, warning: undefined }
  const replacement = router.missingTier === 'litellm' ? findDefault(router, wanted) : findNearest(router, wanted)
  if (replacement === undefined) throw noModel(router)
  const reason =
    targets.length === 0 ? `has no model for ${wanted}` : `has only waiting models for ${wanted} (${names(targets)})`
  const substitute = replacement.tier === wanted ? `the default model ${names(replacement.targets)}` : replacement.tier
  return { ...replacement, warning: `Router ${router.name} ${reason}: ${substitute} is used instead.` }
}

/**
 * Gives the default model: the one named, else MEDIUM's, else SIMPLE's, else those of the first tier that has any. Used
 * when there is no text to score. Throws `backend_unavailable` when no tier has a model.
 */
export function chooseDefault(router: RouterDefinition): TierChoice {
  const choice = findDefault(router, 'MEDIUM')
  if (choice === undefined) throw noModel(router)
  return { ...choice, warning: undefined }
}

type Replacement = Omit<TierChoice, 'warning'>

function findNearest(router: RouterDefinition, wanted: Tier): Replacement | undefined {
  return firstConfigured(router, upThenDown(wanted))
}

/** The other tiers that have a model, the nearest above first, then those below. */
export function otherTiers(router: RouterDefinition, tier: Tier): Tier[] {
  return upThenDown(tier).filter((candidate) => router.tiers[candidate]?.some(isConfigured))
}

function upThenDown(tier: Tier): Tier[] {
  const place = tiers.indexOf(tier)
  return [...tiers.slice(place + 1), ...tiers.slice(0, place).toReversed()]
}

/** A default model that belongs to no tier is shown under the tier that was wanted. */
function findDefault(router: RouterDefinition, wanted: Tier): Replacement | undefined {
  const named = router.defaultModel
  if (named === undefined || !isConfigured(named)) return firstConfigured(router, ['MEDIUM', ...tiers])
  const home = tiers.find((tier) => router.tiers[tier]?.some((target) => target.model === named.model))
  return { tier: home ?? wanted, targets: [named] }
}

function firstConfigured(router: RouterDefinition, order: readonly Tier[]): Replacement | undefined {
  const tier = order.find((candidate) => router.tiers[candidate]?.some(isConfigured))
  return tier === undefined ? undefined : { tier, targets: router.tiers[tier] ?? [] }
}

function isConfigured(target: TierTarget): boolean {
  return target.state === 'configured'
}

function names(targets: readonly TierTarget[]): string {
  return targets.map((target) => target.model).join(', ')
}

function noModel(router: RouterDefinition): GatewayError {
  const waiting = tiers.flatMap((tier) => {
    const targets = router.tiers[tier] ?? []
    return targets.length === 0 ? [] : [`${tier}: ${names(targets)}`]
  })
  const state =
    waiting.length === 0 ? 'no tier names a model' : `all its models wait for a backend (${waiting.join('; ')})`
  return new GatewayError(
    'backend_unavailable',
    `Router ${router.name} cannot answer: ${state}. Start the backend or name another model in the router.`,
  )
}
