import type { PriceBook } from '../ledger/price-book.ts'
import type { Tier } from '../model/tier.ts'
import type { DecidedRow } from './replay-rows.ts'
import type { ReplayTask } from './replay-task.ts'

/** What a request cost, and what it would cost in the tier that it has now, nano-USD; undefined = one of them is unknown. */
export type Costs = (row: DecidedRow, to: Tier) => { readonly before: number; readonly after: number } | undefined

/** A request that stays in a tier whose first model stays costs what it cost, whoever answered it. */
export function costsOf(prices: Pick<PriceBook, 'price'>, { saved, edited, priced }: ReplayTask): Costs {
  const first = ({ tiers }: ReplayTask['saved'], tier: Tier) => tiers[tier]?.[0]?.model
  return (row, to) => {
    if (row.usage === null && row.costNanoUsd === null) {
      // A refusal cost nothing, and would have in any tier.
      return row.status >= 400 ? { before: 0, after: 0 } : undefined
    }
    if (row.costNanoUsd === null) return undefined
    if (row.tier === to && first(saved, to) === first(edited, to)) {
      return { before: row.costNanoUsd, after: row.costNanoUsd }
    }
    const deployment = priced[to]
    if (deployment === undefined || row.usage === null) return undefined
    const { billing, costNanoUsd } = prices.price(deployment, row.usage, row.startedAt)
    const after = billing === 'billed' || billing === 'demo' ? costNanoUsd : 0
    return after === null ? undefined : { before: row.costNanoUsd, after }
  }
}
