import { type Provider, REMOTE_DATA_JSON_URL } from '@pydantic/genai-prices'
import { GatewayError } from '../../model/errors.ts'

export const libraryPricesUrl = REMOTE_DATA_JSON_URL

/** Larger than any edition so far, in bytes. */
const largestList = 32 * 1024 * 1024

/** Fewer providers than this are no edition of the list. */
const fewestProviders = 5

/**
 * The providers in a text of the library's price list. Throws GatewayError `upstream_invalid_answer` when it is none: a
 * page of an error or half a file must never take the place of prices that work.
 */
export function readFetchedPrices(text: string): readonly Provider[] {
  const wrong = (reason: string) =>
    new GatewayError(
      'upstream_invalid_answer',
      `The fetched price list cannot be used: ${reason}. The prices stay as they are.`,
    )
  if (text.length > largestList) throw wrong('it is too large')
  const list = parse(text)
  if (!Array.isArray(list)) throw wrong('it is no list of providers')
  const providers = list.filter(isProvider)
  if (providers.length < Math.max(fewestProviders, list.length / 2)) throw wrong('it has too few providers with models')
  return providers
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isProvider(value: unknown): value is Provider {
  if (typeof value !== 'object' || value === null) return false
  const { id, models } = value as { readonly id?: unknown; readonly models?: unknown }
  return typeof id === 'string' && Array.isArray(models) && models.length > 0 && models.every(isModel)
}

function isModel(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { id, match, prices } = value as { readonly id?: unknown; readonly match?: unknown; readonly prices?: unknown }
  return (
    typeof id === 'string' &&
    typeof match === 'object' &&
    match !== null &&
    typeof prices === 'object' &&
    prices !== null
  )
}
