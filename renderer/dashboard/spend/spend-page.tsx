import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { failureReason, RequestFailure } from '../../components/failure.tsx'
import { useSurroundings } from '../../state/live-context.tsx'
import type { LiveState } from '../../state/live-state.ts'
import { periodOf, type SpendRange } from '../../state/spend-period.ts'
import { rowsBy, shownName, type SpendFilter, type Split, spendQuery } from '../../state/spend-view.ts'
import { useSpend } from '../../state/use-spend.ts'
import { strings } from '../../strings.ts'
import { CsvButton } from './csv-button.tsx'
import { RangeChoice } from './range-choice.tsx'
import { SpendChartCard } from './spend-chart.tsx'
import { SpendFacts } from './spend-facts.tsx'
import { SpendTable } from './spend-table.tsx'

const words = strings.spendPage

/** What was spent: a range, four facts, a stacked chart, and the table below it. */
export function SpendPage({ live }: { readonly live: LiveState }) {
  const { now } = useSurroundings()
  const [range, setRange] = useState<SpendRange>({ name: '7d' })
  const [split, setSplit] = useState<Split>('tier')
  const [filter, setFilter] = useState<SpendFilter>()
  const period = periodOf(range, now())
  const chartQuery = { ...spendQuery(split, period, filter), bucket: period.bucket }
  const tableQuery = spendQuery(rowsBy(split), period, filter)
  const chart = useSpend(chartQuery)
  const table = useSpend(tableQuery)
  const billing = useSpend(spendQuery('billing', period, filter))
  const queries = [chart, table, billing]
  const failed = queries.find((query) => query.isError && query.data === undefined)
  const empty = chart.data?.totals.requests === 0 && filter === undefined
  const again = () => queries.forEach((query) => void query.refetch())
  return (
    <div className="spend-page scroll-page">
      <header className="page-header">
        <h1>{strings.pages.spend}</h1>
        {filter !== undefined && <FilterChip filter={filter} onRemove={() => setFilter(undefined)} />}
        <div className="page-actions">
          <RangeChoice range={range} onChange={setRange} />
          <CsvButton query={tableQuery} disabled={live.connection !== 'live'} />
        </div>
      </header>
      {failed !== undefined ? (
        <RequestFailure text={words.failed(failureReason(failed.error))} onAgain={again} />
      ) : empty ? (
        <NothingSpent range={range} onWider={() => setRange({ name: '30d' })} />
      ) : (
        <div className="page-column">
          <SpendFacts report={chart.data} billing={billing.data} period={period} />
          <SpendChartCard
            report={chart.isPlaceholderData ? undefined : chart.data}
            period={period}
            split={split}
            filter={filter}
            onSplit={setSplit}
            onFilter={setFilter}
          />
          <SpendTable report={table.data} onFilter={setFilter} />
        </div>
      )}
    </div>
  )
}

function FilterChip({ filter, onRemove }: { readonly filter: SpendFilter; readonly onRemove: () => void }) {
  return (
    <span className="filter-chip">
      <span className="filter-chip-text">
        {words.filtered(words.split[filter.by], shownName(filter.by, filter.name))}
      </span>
      <button type="button" className="filter-chip-remove" aria-label={words.removeFilter} onClick={onRemove}>
        <IconX size={14} stroke={1.4} aria-hidden="true" />
      </button>
    </span>
  )
}

function NothingSpent({ range, onWider }: { readonly range: SpendRange; readonly onWider: () => void }) {
  return (
    <div className="empty">
      <h2>{range.name === 'today' ? words.emptyToday : words.emptyTitle}</h2>
      <p>{words.emptyText}</p>
      {range.name !== '30d' && (
        <button type="button" className="button" onClick={onWider}>
          {words.wider}
        </button>
      )}
    </div>
  )
}
