/* oxlint-disable jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- the legend does by keys what the bars do by pointer */
import { useState } from 'react'
import { Segmented } from '../../components/segmented.tsx'
import type { SpendReport } from '../../contract.ts'
import { formatMoney, formatScaleMoney } from '../../format/money.ts'
import { type ChartBand, type ChartColumn, layoutSpendChart, type SpendChart } from '../../format/spend-chart.ts'
import { formatClockShort, formatDay, formatWeekday, isSameDay } from '../../format/time.ts'
import { useSurroundings } from '../../state/live-context.tsx'
import { placeTime, type SpendPeriod } from '../../state/spend-period.ts'
import { bandName, type SpendFilter, type Split, splits, tierStack } from '../../state/spend-view.ts'
import { strings } from '../../strings.ts'
import { BandMark } from './band-mark.tsx'
import { ChartTable } from './chart-table.tsx'

const words = strings.spendPage
const options = splits.map((value) => ({ value, label: words.split[value] }))
/** As many neutral steps as can be told apart. */
const mostBands = 6
const mostLabels = 12

export interface SpendChartCardProps {
  readonly report: SpendReport | undefined
  readonly period: SpendPeriod
  readonly split: Split
  readonly filter: SpendFilter | undefined
  readonly onSplit: (split: Split) => void
  readonly onFilter: (filter: SpendFilter) => void
}

/** What was billed per day or hour, stacked; the same as a table for those who do not see it. */
export function SpendChartCard(props: SpendChartCardProps) {
  const { report, period, split, onSplit, onFilter } = props
  const layout = useLayout(props)
  const filterBy = (band: ChartBand) => {
    if (band.name !== null) onFilter({ by: split, name: band.name })
  }
  return (
    <section className="card chart-card" aria-label={words.chart[period.bucket]}>
      <header className="chart-head">
        <h2>{words.chart[period.bucket]}</h2>
        <Legend bands={layout.bands} split={split} onFilter={filterBy} />
        <Segmented label={words.split.label} options={options} value={split} onChange={onSplit} />
      </header>
      <Bars layout={layout} split={split} period={period} loaded={report !== undefined} onFilter={filterBy} />
      {layout.bands.length > 0 && <ChartTable layout={layout} split={split} />}
    </section>
  )
}

/** The layout of the report, on a scale that grows while the same thing is looked at and does not shrink. */
function useLayout({ report, period, split, filter }: SpendChartCardProps): SpendChart {
  const [reached, setReached] = useState({ looking: '', top: 0 })
  const looking = `${period.since} ${period.until} ${split} ${filter?.by} ${filter?.name}`
  const layout = layoutSpendChart(report?.series ?? [], {
    places: period.places,
    most: mostBands,
    atLeast: reached.looking === looking ? reached.top : 0,
    ...(split === 'tier' ? { order: tierStack } : {}),
  })
  if (reached.looking !== looking || reached.top < layout.top) setReached({ looking, top: layout.top })
  return layout
}

interface LegendProps {
  readonly bands: readonly ChartBand[]
  readonly split: Split
  readonly onFilter: (band: ChartBand) => void
}

function Legend({ bands, split, onFilter }: LegendProps) {
  return (
    <ul className="legend">
      {bands.map((band, step) => {
        const text = bandName(band, split)
        return (
          <li key={text}>
            <BandMark band={band} step={step} split={split} />
            {band.name === null ? (
              <span className="legend-name">{text}</span>
            ) : (
              <button
                type="button"
                className="legend-name row-link"
                title={words.filterBy(text)}
                onClick={() => onFilter(band)}
              >
                {text}
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}

interface BarsProps {
  readonly layout: SpendChart
  readonly split: Split
  readonly period: SpendPeriod
  readonly loaded: boolean
  readonly onFilter: (band: ChartBand) => void
}

function Bars({ layout, split, period, loaded, onFilter }: BarsProps) {
  const [hovered, setHovered] = useState<number>()
  const shown = hovered === undefined ? undefined : layout.columns[hovered]
  const count = layout.columns.length
  const every = Math.ceil(count / mostLabels)
  const middle = hovered === undefined ? 0 : ((hovered + 0.5) / count) * 100
  return (
    <div className={loaded ? 'chart' : 'chart still'} aria-hidden="true">
      {layout.lines.map((line) => (
        <div key={line} className="chart-line" style={{ bottom: `${(line / layout.top) * 100}%` }}>
          <span className="chart-scale">{formatScaleMoney(line)}</span>
        </div>
      ))}
      {loaded && layout.bands.length === 0 && <p className="chart-nothing">{words.nothingBilled}</p>}
      <div className="chart-columns" onPointerLeave={() => setHovered(undefined)}>
        {layout.columns.map((column, index) => (
          <div key={column.at} className="chart-column" onPointerEnter={() => setHovered(index)}>
            <Stack column={column} split={split} onFilter={onFilter} />
            <span className="chart-label">
              {(count - 1 - index) % every === 0 && <ColumnLabel at={column.at} bucket={period.bucket} />}
            </span>
          </div>
        ))}
      </div>
      {shown !== undefined && shown.parts.length > 0 && (
        <div
          className="chart-tip"
          style={middle > 50 ? { right: `${100 - middle}%` } : { left: `${middle}%` }}
          data-side={middle > 50 ? 'left' : 'right'}
        >
          <ColumnTip column={shown} split={split} bucket={period.bucket} />
        </div>
      )}
    </div>
  )
}

interface StackProps {
  readonly column: ChartColumn
  readonly split: Split
  readonly onFilter: (band: ChartBand) => void
}

function Stack({ column, split, onFilter }: StackProps) {
  return (
    <div className="chart-stack">
      {column.totalNanoUsd > 0 && <span className="chart-total">{formatMoney(column.totalNanoUsd)}</span>}
      {column.parts.toReversed().map((part) => (
        <div
          key={part.step}
          className={`chart-part ${part.band.name === null ? '' : 'chart-part-named'}`}
          style={{ height: `${part.height}%` }}
          onClick={() => onFilter(part.band)}
        >
          <BandMark band={part.band} step={part.step} split={split} filling />
        </div>
      ))}
    </div>
  )
}

function ColumnLabel({ at, bucket }: { readonly at: string; readonly bucket: SpendPeriod['bucket'] }) {
  const { now } = useSurroundings()
  const time = placeTime(at)
  if (bucket === 'hour') return formatClockShort(time)
  return isSameDay(time, now()) ? <strong>{words.ranges.today}</strong> : formatWeekday(time)
}

interface ColumnTipProps {
  readonly column: ChartColumn
  readonly split: Split
  readonly bucket: SpendPeriod['bucket']
}

function ColumnTip({ column, split, bucket }: ColumnTipProps) {
  const time = placeTime(column.at)
  return (
    <>
      <p className="chart-tip-head">
        <span>{bucket === 'hour' ? `${formatDay(time)} ${formatClockShort(time)}` : formatDay(time)}</span>
        <strong>{formatMoney(column.totalNanoUsd)}</strong>
      </p>
      {column.parts.toReversed().map((part) => (
        <p key={part.step} className="chart-tip-line">
          <BandMark band={part.band} step={part.step} split={split} />
          <span className="chart-tip-name">{bandName(part.band, split)}</span>
          <span>{formatMoney(part.nanoUsd)}</span>
        </p>
      ))}
    </>
  )
}
