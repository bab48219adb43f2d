import { expect, it } from 'vitest'
import { readPriceCatalogue } from '../../../../gateway/config/prices/price-catalogue.ts'
import { createCatalogue } from '../../../../gateway/ledger/prices/catalogue.ts'
import { createPriceBook } from '../../../../gateway/ledger/prices/create-price-book.ts'
import { createOwnPrices } from '../../../../gateway/ledger/prices/own-prices.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'
import { usageOfAnswer, type WireName } from './recorded-answers.ts'

const prices = createPriceBook({ own: createOwnPrices(readPriceCatalogue()), catalogue: createCatalogue() })

/** Off every peak. */
const fridayNoon = '2026-11-20T12:00:00Z'

export interface CostCase {
  /** What is special, and the sum by hand in millionths of a USD. */
  readonly about: string
  readonly provider: string
  readonly model: string
  readonly answer: JsonObject | readonly JsonObject[]
  readonly nanoUsd: number | null
  readonly provenance: string
  readonly at?: string
}

/** One test per case: the cost to the nano-dollar, and where the price stands. */
export function check(wire: WireName, cases: readonly CostCase[]): void {
  it.each(cases)('$about', ({ provider, model, answer, nanoUsd, provenance, at = fridayNoon }) => {
    const deployment = deploymentDouble({ provider, upstreamModel: model })
    const price = prices.price(deployment, usageOfAnswer(wire, answer), Date.parse(at))
    expect([price.costNanoUsd, price.provenance]).toEqual([nanoUsd, provenance])
  })
}
