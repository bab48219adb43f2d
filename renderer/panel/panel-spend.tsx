import { SpendFigure } from '../components/spend-figure.tsx'
import { formatMoney } from '../format/money.ts'
import { layoutSparkline } from '../format/sparkline.ts'
import { useSurroundings } from '../state/live-context.tsx'
import type { LiveState } from '../state/live-state.ts'
import { periodOf, placeTime } from '../state/spend-period.ts'
import { useSpend } from '../state/use-spend.ts'
import { strings } from '../strings.ts'

/** Spend of the day, its hours so far as a line, and what routing saved. */
export function PanelSpend({ live }: { readonly live: LiveState }) {
  const { now } = useSurroundings()
  const { since, places } = periodOf({ name: 'today' }, now())
  const report = useSpend({ by: 'hour', since }).data
  const billed = new Map(report?.rows.map((row) => [row.name, row.billedNanoUsd]))
  const hours = places.filter((place) => placeTime(place) <= now()).map((place) => billed.get(place) ?? 0)
  const saved = report?.totals.savingsNanoUsd ?? 0
  return (
    <section className="panel-section panel-spend">
      <SpendFigure
        spend={live.status?.spendToday}
        note={saved > 0 ? strings.panel.saved(formatMoney(saved)) : undefined}
      />
      <div className="sparkline">{hours.some((value) => value > 0) && <Sparkline values={hours} />}</div>
    </section>
  )
}

function Sparkline({ values }: { readonly values: readonly number[] }) {
  const points = layoutSparkline(values)
  const line = points.map(({ x, y }) => `${x},${y}`).join(' ')
  const naming = { role: 'img', 'aria-label': strings.panel.perHour(formatMoney(Math.max(...values))) }
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" {...naming}>
      <polygon className="sparkline-area" points={`0,100 ${line} 100,100`} />
      <polyline className="sparkline-line" points={line} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
