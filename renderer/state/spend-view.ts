import type { SpendQuery, SpendRow } from '../contract.ts'
import { tierOrder } from '../contract.ts'
import { formatExactMoney, formatMoney } from '../format/money.ts'
import type { ChartBand } from '../format/spend-chart.ts'
import { strings } from '../strings.ts'
import type { SpendPeriod } from './spend-period.ts'

export const splits = ['tier', 'model', 'provider', 'agent', 'key'] as const
export type Split = (typeof splits)[number]

/** Only the requests with this value. */
export interface SpendFilter {
  readonly by: Split
  readonly name: string
}

export interface MoneyWords {
  readonly text: string
  readonly hint: string | undefined
  readonly quiet: boolean
}

/** Tiers are stacked as they rise; direct requests come last. */
export const tierStack = [...tierOrder, null] as const

/** The query of a report over a period. */
export function spendQuery(by: SpendQuery['by'], period: SpendPeriod, filter: SpendFilter | undefined): SpendQuery {
  return {
    by,
    since: period.since,
    ...(period.until === undefined ? {} : { until: period.until }),
    ...(filter === undefined ? {} : { [filter.by]: filter.name }),
  }
}

/** The table's rows tell of models while the chart tells of tiers, else of the same as the chart. */
export function rowsBy(split: Split): Split {
  return split === 'tier' ? 'model' : split
}

/** A name for the screen: what there is none of in words, and of a key's long id its beginning. */
export function shownName(by: Split, name: string | null): string {
  if (name === null) return strings.spendPage.none[by]
  return /^[0-9a-f]{64}$/u.test(name) ? `${name.slice(0, 8)}…` : name
}

/** A band of the chart in words. */
export function bandName(band: ChartBand, split: Split): string {
  return band.rest ? strings.spendPage.rest : shownName(split, band.name)
}

/** What a row cost in money, or why that is no money. */
export function rowCost(row: SpendRow): MoneyWords {
  const words = strings.spendPage
  const quiet = (text: string, nanoUsd: number) => ({ text, hint: formatExactMoney(nanoUsd), quiet: true })
  if (row.billedNanoUsd !== 0) {
    return { text: formatMoney(row.billedNanoUsd), hint: formatExactMoney(row.billedNanoUsd), quiet: false }
  }
  if (row.unknownPriced > 0) return { text: words.unknown, hint: strings.requests.unknownHint, quiet: true }
  if (row.flatRateNanoUsd > 0) return quiet(words.flatRate, row.flatRateNanoUsd)
  if (row.localNanoUsd > 0) return quiet(words.local, row.localNanoUsd)
  if (row.demoNanoUsd > 0) return quiet(words.pretendWord, row.demoNanoUsd)
  return { text: formatMoney(0), hint: undefined, quiet: true }
}
