import type { Deployment } from '../../config/gateway-config.ts'
import type { Usage } from '../../model/usage.ts'
import { toNumber } from '../decimal.ts'
import { type PriceBook, type PricedDeployment, type PricedUsage, unknownPrice } from '../price-book.ts'
import type { PriceSource } from '../request-record.ts'
import { billingOf } from './billing.ts'
import { hasPrice, overrideCard } from './override-card.ts'
import type { OwnPrices } from './own-prices.ts'
import type { FoundPrice, PriceList, PriceQuery } from './price-list.ts'
import { pricedTier } from './price-sheet.ts'
import { costOf, scaleCard } from './rate-card.ts'

export interface PriceLists {
  readonly own: OwnPrices
  /** The library's. */
  readonly catalogue: PriceList
}

/**
 * Prices in order: the deployment's own in the config, then our list's and then the library's for exactly that provider
 * and model (or the `base_model` the config names), then unknown. Unknown is a state of its own and never zero; prices
 * written as 0 are zero.
 *
 * Without usage the cost is null while the source still says where the price would have come from, so that "the
 * upstream reported no tokens" and "nobody knows the price" stay apart.
 */
export function createPriceBook(lists: PriceLists): PriceBook {
  const comparable = new WeakMap<PricedDeployment, Comparable>()
  return {
    price(deployment, usage, at) {
      const billing = billingOf(deployment)
      const unknown: PricedUsage = { ...unknownPrice, billing }
      const found = findCard(lists, deployment, usage ?? oneTokenEach, at)
      if (found === undefined) return unknown
      const { source, provenance } = found
      if (usage === null) return { costNanoUsd: null, source, billing, provenance }
      const cost = costOf(found.card, usage)
      return cost === undefined ? unknown : { costNanoUsd: cost, source, billing, provenance }
    },
    comparablePrice(deployment, at) {
      const known = comparable.get(deployment)
      if (known !== undefined && at >= known.at && at < known.at + comparableForMs) return known.price
      const price = compare(lists, deployment, at)
      comparable.set(deployment, { at, price })
      return price
    },
  }
}

interface Comparable {
  readonly at: number
  readonly price: ReturnType<PriceBook['comparablePrice']>
}

/** Prices change with the clock: so long one is taken for the present one, in ms. */
const comparableForMs = 60_000

/** Stands in for a missing usage when only the price itself is asked for. */
const oneTokenEach: Usage = {
  inputTokens: 1,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 1,
  reasoningTokens: 0,
}

/** What is not paid per token costs nothing more. */
function compare(lists: PriceLists, deployment: PricedDeployment, at: number): Comparable['price'] {
  const billing = billingOf(deployment)
  if (billing === 'local' || billing === 'flat_rate') return { input: 0, output: 0 }
  const card = findCard(lists, deployment, oneTokenEach, at)?.card
  if (card?.input === undefined || card.output === undefined) return undefined
  return { input: toNumber(card.input) * 1e6, output: toNumber(card.output) * 1e6 }
}

interface FoundCard extends FoundPrice {
  readonly source: PriceSource
}

function findCard(lists: PriceLists, deployment: PricedDeployment, usage: Usage, at: number): FoundCard | undefined {
  const { prices, provider, baseUrl, upstreamModel: model, adapter } = deployment
  const { inputTokens } = usage
  const query: PriceQuery = { provider, baseUrl, model, inputTokens, serviceTier: pricedTier(usage.serviceTier), at }
  // Where the config says everything a list has no part in it.
  const complete = prices?.inputPerToken !== undefined && prices.outputPerToken !== undefined
  const listed = complete ? undefined : findListed(lists, deployment.baseModel, query)
  if (!hasPrice(prices)) return listed === undefined ? undefined : { ...listed, source: 'catalogue' }
  const card = overrideCard(prices, listed?.card, query)
  if (card === undefined) return undefined
  const provenance = listed === undefined ? 'config' : `config over ${listed.provenance}`
  return { card, provenance, source: adapter === 'demo' ? 'demo' : 'override' }
}

/**
 * The lists' card for the upstream model or, when the config names one, for the `base_model` instead: an id of the
 * deployment's own provider first (`openai/gpt-oss-120b` on Groq), else one with a known provider in front (`openai/gpt-4o`).
 */
function findListed(lists: PriceLists, baseModel: Deployment['baseModel'], query: PriceQuery): FoundPrice | undefined {
  if (baseModel === undefined) return findIn(lists, query)
  const own = findIn(lists, { ...query, model: baseModel })
  const slash = baseModel.indexOf('/')
  if (own !== undefined || slash < 1) return own
  return findIn(lists, {
    ...query,
    baseUrl: '',
    provider: baseModel.slice(0, slash),
    model: baseModel.slice(slash + 1),
  })
}

function findIn({ own, catalogue }: PriceLists, query: PriceQuery): FoundPrice | undefined {
  const found = own.find(query)
  if (found !== undefined || query.serviceTier === undefined) return found ?? catalogue.find(query)
  // The library knows no tiers: its price times what our list says of the provider, else unknown.
  const factor = own.tierFactor(query)
  const usual = factor === undefined ? undefined : catalogue.find(query)
  if (factor === undefined || usual === undefined) return undefined
  return { card: scaleCard(usual.card, factor), provenance: `${usual.provenance}, ${query.serviceTier}` }
}
