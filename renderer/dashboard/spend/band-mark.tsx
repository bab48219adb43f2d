import { TierShape } from '../../components/tier-shape.tsx'
import { tierOrder } from '../../contract.ts'
import type { ChartBand } from '../../format/spend-chart.ts'
import type { Split } from '../../state/spend-view.ts'

export interface BandMarkProps {
  readonly band: ChartBand
  readonly step: number
  readonly split: Split
  /** Fills a bar, with the shape or figure in its middle where there is room. */
  readonly filling?: boolean
}

/** What a band of the chart is known by: a tier's shape in its colour, else a figure on a neutral step. */
export function BandMark({ band, step, split, filling = false }: BandMarkProps) {
  const tier = tierOrder.find((known) => known === band.name) ?? 'DIRECT'
  if (split === 'tier') {
    if (!filling) return <TierShape tier={tier} />
    return (
      <span className={`band-fill tier-fill tier-${tier.toLowerCase()}`}>
        <TierShape tier={tier} size={9} />
      </span>
    )
  }
  return (
    <span className={`${filling ? 'band-fill' : 'band-mark'} step-${step}`}>
      <span className="band-figure">{step + 1}</span>
    </span>
  )
}
