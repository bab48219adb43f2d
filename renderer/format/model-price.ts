import type { ModelView } from '../contract.ts'
import { strings } from '../strings.ts'
import { formatMoney } from './money.ts'

const words = strings.modelsPage
const nanoPerDollar = 1_000_000_000

/** USD per million tokens as money, `$1.25`; null = unknown. */
export function formatUsd(usd: number | null): string {
  return usd === null ? words.unknown : formatMoney(Math.round(usd * nanoPerDollar))
}

/** What a model costs in a table: `$1.25 / $10.00`, `local`, `flat rate`, `demo`, `unknown`; empty for what has no price of its own. */
export function modelPrice({ price, billing }: Pick<ModelView, 'price' | 'billing'>): string {
  if (billing === 'local') return words.local
  if (billing === 'demo') return words.demo
  if (billing === 'flat_rate') return words.flat
  if (price === null) return ''
  if (price.input === null && price.output === null) return words.unknown
  return `${formatUsd(price.input)} / ${formatUsd(price.output)}`
}
