import { findProvider, type ModelInfo, type Provider } from '@pydantic/genai-prices'
import { indexByExactId } from './catalogue-match.ts'
import { catalogueCard } from './catalogue-prices.ts'
import { catalogueProviders, weekdayPeakProviders } from './catalogue-providers.ts'
import type { PriceList } from './price-list.ts'

/** The prices of the `@pydantic/genai-prices` package, or of a newer edition of its data. Prices of the usual tier only. */
export interface Catalogue extends PriceList {
  /** Takes a newer edition in place of what ships; `edition` names it in provenances. */
  replace(providers: readonly Provider[], edition: string): void
}

export function createCatalogue(): Catalogue {
  let indexes = new Map<string, ReadonlyMap<string, ModelInfo>>()
  let edition = 'genai-prices'
  // The lookup also knows alternative spellings; only the provider that was meant will do.
  let providerNamed = (id: string): Provider | undefined => findProvider({ providerId: id })

  const indexOf = (catalogueProvider: string): ReadonlyMap<string, ModelInfo> => {
    const known = indexes.get(catalogueProvider)
    if (known !== undefined) return known
    const found = providerNamed(catalogueProvider)
    const index = found?.id === catalogueProvider ? indexByExactId(found) : new Map<string, ModelInfo>()
    indexes.set(catalogueProvider, index)
    return index
  }

  return {
    find({ provider, model: modelId, inputTokens, at }) {
      const catalogueProvider = Object.hasOwn(catalogueProviders, provider) ? catalogueProviders[provider] : undefined
      if (catalogueProvider === undefined) return undefined
      const model = indexOf(catalogueProvider).get(modelId.toLowerCase())
      if (model === undefined) return undefined
      const weekdayPeaksOnly = weekdayPeakProviders.has(catalogueProvider)
      const card = catalogueCard(model, inputTokens, { at, weekdayPeaksOnly })
      return card === undefined ? undefined : { card, provenance: `${edition} ${catalogueProvider}/${model.id}` }
    },
    replace(providers, name) {
      const byId = new Map(providers.map((provider) => [provider.id, provider]))
      providerNamed = (id) => byId.get(id)
      indexes = new Map()
      edition = name
    },
  }
}
