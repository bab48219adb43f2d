import type { Deployment, PriceOverride } from '../../config/gateway-config.ts'
import type { Usage } from '../../model/usage.ts'
import { type PriceBook, type PricedUsage, unknownPrice } from '../price-book.ts'
import type { PriceSource } from '../request-record.ts'
import type { Catalogue } from './catalogue.ts'
import { hasPrice, overrideCard } from './override-card.ts'
import { costOf, type RateCard } from './rate-card.ts'

/**
 * Prices in order: the deployment's own in the config, then the catalogue's for exactly that provider and model (or the
 * `base_model` the config names), then unknown. Unknown is a state of its own and never zero; prices written as 0 are zero.
 *
 * Without usage the cost is null while the source still says where the price would have come from, so that "the
 * upstream reported no tokens" and "nobody knows the price" stay apart.
 */
export function createPriceBook({ catalogue }: { readonly catalogue: Catalogue }): PriceBook {
  const ownCards = createOwnCards()
  return {
    price(deployment, usage, at) {
      const found = ownCards(deployment) ?? findCard(catalogue, deployment, usage ?? oneTokenEach, at)
      if (found === undefined) return unknownPrice
      const source: Omit<PricedUsage, 'costNanoUsd'> = {
        source: found.source,
        billing: found.source === 'demo' ? 'demo' : 'billed',
        provenance: found.source,
      }
      if (usage === null) return { costNanoUsd: null, ...source }
      const cost = costOf(found.card, usage)
      return cost === undefined ? unknownPrice : { costNanoUsd: cost, ...source }
    },
  }
}

/** Stands in for a missing usage when only the source of the price is asked for. */
const oneTokenEach: Usage = {
  inputTokens: 1,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 1,
  reasoningTokens: 0,
}

interface FoundCard {
  readonly card: RateCard
  readonly source: PriceSource
}

/** Cards of deployments whose config says everything, so that the catalogue has no part in them: read once. */
function createOwnCards(): (deployment: Deployment) => FoundCard | undefined {
  const known = new WeakMap<PriceOverride, FoundCard>()
  return ({ prices, adapter }) => {
    if (prices?.inputPerToken === undefined || prices.outputPerToken === undefined) return undefined
    const found = known.get(prices)
    if (found !== undefined) return found
    const card = overrideCard(prices, undefined)
    if (card === undefined) return undefined
    const read: FoundCard = { card, source: adapter === 'demo' ? 'demo' : 'override' }
    known.set(prices, read)
    return read
  }
}

function findCard(catalogue: Catalogue, deployment: Deployment, usage: Usage, at: number): FoundCard | undefined {
  const listed = findListed(catalogue, deployment, usage, at)
  if (!hasPrice(deployment.prices)) return listed === undefined ? undefined : { card: listed, source: 'catalogue' }
  const card = overrideCard(deployment.prices, listed)
  if (card === undefined) return undefined
  return { card, source: deployment.adapter === 'demo' ? 'demo' : 'override' }
}

/**
 * The catalogue's card for the upstream model or, when the config names one, for the `base_model` instead: an id of the
 * deployment's own provider first (`openai/gpt-oss-120b` on Groq), else one with a known provider in front (`openai/gpt-4o`).
 */
function findListed(catalogue: Catalogue, deployment: Deployment, usage: Usage, at: number): RateCard | undefined {
  const { baseModel, provider, upstreamModel } = deployment
  if (baseModel === undefined) return catalogue.find(provider, upstreamModel, usage, at)
  const own = catalogue.find(provider, baseModel, usage, at)
  const slash = baseModel.indexOf('/')
  if (own !== undefined || slash < 1) return own
  return catalogue.find(baseModel.slice(0, slash), baseModel.slice(slash + 1), usage, at)
}
