import { readPriceCatalogue } from './config/prices/price-catalogue.ts'
import type { GatewayConfig } from './config/gateway-config.ts'
import type { PriceBook } from './ledger/price-book.ts'
import { type Catalogue, createCatalogue } from './ledger/prices/catalogue.ts'
import { createPriceBook } from './ledger/prices/create-price-book.ts'
import { libraryPricesUrl, readFetchedPrices } from './ledger/prices/fetched-prices.ts'
import { createOwnPrices } from './ledger/prices/own-prices.ts'
import type { Logger } from './logging/logger.ts'

export interface PricesParts {
  readonly config: () => GatewayConfig
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** ms since the epoch. */
  readonly now: () => number
}

const weekMs = 7 * 86_400_000
const lookEveryMs = 3_600_000
const fetchMs = 30_000

/** The prices of this gateway: our list before the library's, which is fetched anew once a week where the user allows it. */
export function openPrices(parts: PricesParts, opened: AsyncDisposableStack): PriceBook {
  const catalogue = createCatalogue()
  let fetchedAt = Number.NEGATIVE_INFINITY
  const look = async (): Promise<void> => {
    const { every } = parts.config().signalbox.priceRefresh
    if (every === 'off' || parts.now() - fetchedAt < weekMs) return
    fetchedAt = parts.now()
    await refreshPrices(catalogue, parts)
  }
  const timer = setInterval(() => void look(), lookEveryMs)
  timer.unref()
  opened.defer(() => clearInterval(timer))
  void look()
  return createPriceBook({ own: createOwnPrices(readPriceCatalogue()), catalogue })
}

/** Fetches the list and takes it over; what goes wrong is logged, and the prices stay as they are. */
export async function refreshPrices(catalogue: Catalogue, { config, logger, now }: PricesParts): Promise<void> {
  try {
    const url = config().signalbox.priceRefresh.url ?? libraryPricesUrl
    const answer = await fetch(url, { signal: AbortSignal.timeout(fetchMs), redirect: 'error' })
    if (!answer.ok) throw new Error(`The price list was answered with status ${answer.status}.`)
    const providers = readFetchedPrices(await answer.text())
    catalogue.replace(providers, `genai-prices of ${new Date(now()).toISOString().slice(0, 10)}`)
    logger.info({ providers: providers.length }, 'the price list was fetched anew')
  } catch (failure) {
    logger.warn({ err: failure }, 'the price list could not be fetched; the prices stay as they are')
  }
}
