import { findProvider, type ModelInfo } from '@pydantic/genai-prices'
import type { Usage } from '../../model/usage.ts'
import { indexByExactId } from './catalogue-match.ts'
import { catalogueCard } from './catalogue-prices.ts'
import { catalogueProviders, weekdayPeakProviders } from './catalogue-providers.ts'
import type { RateCard } from './rate-card.ts'

/** The prices that ship with the `@pydantic/genai-prices` package. Only its data is used, never its update over the network. */
export interface Catalogue {
  /** The rates of an exactly known model for this usage at this moment (ms since the epoch); undefined when unknown. */
  find(provider: string, modelId: string, usage: Usage, at: number): RateCard | undefined
}

export function createCatalogue(): Catalogue {
  const indexes = new Map<string, ReadonlyMap<string, ModelInfo>>()
  const indexOf = (catalogueProvider: string): ReadonlyMap<string, ModelInfo> => {
    const known = indexes.get(catalogueProvider)
    if (known !== undefined) return known
    const found = findProvider({ providerId: catalogueProvider })
    // The lookup also knows alternative spellings; only the provider that was meant will do.
    const index = found?.id === catalogueProvider ? indexByExactId(found) : new Map<string, ModelInfo>()
    indexes.set(catalogueProvider, index)
    return index
  }

  return {
    find(provider, modelId, usage, at) {
      const catalogueProvider = Object.hasOwn(catalogueProviders, provider) ? catalogueProviders[provider] : undefined
      if (catalogueProvider === undefined) return undefined
      const model = indexOf(catalogueProvider).get(modelId.toLowerCase())
      if (model === undefined) return undefined
      const weekdayPeaksOnly = weekdayPeakProviders.has(catalogueProvider)
      return catalogueCard(model, usage.inputTokens, { at, weekdayPeaksOnly })
    },
  }
}
