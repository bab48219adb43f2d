import { findProvider } from '@pydantic/genai-prices'
import { indexByExactId } from './catalogue-match.ts'
import { catalogueProviders } from './catalogue-providers.ts'

/**
 * The context window of a provider's model by the library's list, in tokens; undefined where it does not know exactly
 * that model of exactly that provider. Its figures are round: they are a presumption and no proof.
 */
export function knownWindow(provider: string, model: string): number | undefined {
  const name = Object.hasOwn(catalogueProviders, provider) ? catalogueProviders[provider] : undefined
  const found = name === undefined ? undefined : findProvider({ providerId: name })
  if (found === undefined || found.id !== name) return undefined
  let index = indexes.get(name)
  if (index === undefined) {
    index = indexByExactId(found)
    indexes.set(name, index)
  }
  const window = index.get(model.toLowerCase())?.context_window
  return window === undefined || window <= 0 ? undefined : window
}

/** The list that ships does not change while the process runs. */
const indexes = new Map<string, ReturnType<typeof indexByExactId>>()
