import { readPriceCatalogue } from './config/prices/price-catalogue.ts'
import type { PriceBook } from './ledger/price-book.ts'
import { createCatalogue } from './ledger/prices/catalogue.ts'
import { createPriceBook } from './ledger/prices/create-price-book.ts'
import { createOwnPrices } from './ledger/prices/own-prices.ts'

/** The prices of this gateway: our list before the library's. */
export function openPrices(): PriceBook {
  return createPriceBook({ own: createOwnPrices(readPriceCatalogue()), catalogue: createCatalogue() })
}
