import type { GatewayStatus } from '../contract.ts'
import { formatExactMoney, formatMoney } from '../format/money.ts'
import { strings } from '../strings.ts'

export interface SpendFigureProps {
  readonly spend: GatewayStatus['spendToday'] | undefined
  /** Stands below when nothing is left out of the sum. */
  readonly note?: string | undefined
}

/** What real models cost today, and beside it what is not in that sum. The line below is always there. */
export function SpendFigure({ spend, note }: SpendFigureProps) {
  const words = strings.spend
  const apart = spend === undefined ? [] : notIncluded(spend)
  return (
    <div className="spend">
      <span className="label">{words.title}</span>
      <span className="figure" title={spend === undefined ? undefined : formatExactMoney(spend.billedNanoUsd)}>
        {spend === undefined ? '\u2013' : formatMoney(spend.billedNanoUsd)}
      </span>
      <span className="under spend-note">
        {apart.length > 0 ? apart.join(' · ') : spend?.requests === 0 ? words.nothing : note}
      </span>
    </div>
  )
}

function notIncluded(spend: GatewayStatus['spendToday']): readonly string[] {
  const parts: string[] = []
  if (spend.demoNanoUsd > 0) parts.push(strings.spend.pretend(formatMoney(spend.demoNanoUsd)))
  if (spend.unknownPriced > 0) parts.push(strings.spend.unknown(spend.unknownPriced))
  return parts
}
