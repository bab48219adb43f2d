import { useState } from 'react'
import { Bar } from '../../components/bar.tsx'
import { TierShape } from '../../components/tier-shape.tsx'
import type { SpendReport, SpendRow } from '../../contract.ts'
import { tierOrder } from '../../contract.ts'
import { formatCount, formatShare, formatTokensShort } from '../../format/figures.ts'
import { formatExactMoney, formatMoney } from '../../format/money.ts'
import { rowCost, shownName, type SpendFilter, type Split, splits } from '../../state/spend-view.ts'
import { strings } from '../../strings.ts'

const words = strings.spendPage
const columns = words.columns
const shownRows = 12

export interface SpendTableProps {
  readonly report: SpendReport | undefined
  readonly onFilter: (filter: SpendFilter) => void
}

/** The rows of the report, dearest first; a name filters the page. */
export function SpendTable({ report, onFilter }: SpendTableProps) {
  const [all, setAll] = useState(false)
  const by = splits.find((split) => split === report?.by)
  if (report === undefined || by === undefined) return <div className="card card-waiting still" aria-hidden="true" />
  const rows = all ? report.rows : report.rows.slice(0, shownRows)
  const hidden = report.rows.slice(rows.length)
  const dearest = Math.max(0, ...report.rows.map((row) => row.billedNanoUsd))
  return (
    <div className="card table-card">
      <table className="table">
        <thead>
          <tr>
            <th>{words.split[by]}</th>
            <th className="number">{columns.requests}</th>
            <th className="number spare-column">{columns.input}</th>
            <th className="number spare-column">{columns.output}</th>
            <th className="number spare-column">{columns.saved}</th>
            <th className="share-column">{columns.share}</th>
            <th className="number">{columns.cost}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.name ?? ''} row={row} by={by} dearest={dearest} report={report} onFilter={onFilter} />
          ))}
        </tbody>
      </table>
      {report.rows.length > shownRows && <MoreRows all={all} hidden={hidden} onToggle={() => setAll(!all)} />}
      {[...report.notes, ...(report.truncated ? [words.truncated] : [])].map((note) => (
        <p key={note} className="under table-note">
          {note}
        </p>
      ))}
    </div>
  )
}

interface RowProps extends SpendTableProps {
  readonly row: SpendRow
  readonly by: Split
  readonly dearest: number
  readonly report: SpendReport
}

function Row({ row, by, dearest, report, onFilter }: RowProps) {
  const cost = rowCost(row)
  const share = report.totals.billedNanoUsd === 0 ? 0 : row.billedNanoUsd / report.totals.billedNanoUsd
  const tier = by === 'tier' ? (tierOrder.find((known) => known === row.name) ?? 'DIRECT') : undefined
  const cached = row.inputTokens === 0 ? 0 : row.cachedTokens / row.inputTokens
  return (
    <tr>
      <th scope="row">
        <span className="row-name">
          {tier !== undefined && <TierShape tier={tier} />}
          <RowName name={row.name} by={by} onFilter={onFilter} />
        </span>
      </th>
      <td className="number">
        {formatCount(row.requests)}
        {row.failures > 0 && <span className="under tone-error"> {words.failures(row.failures)}</span>}
      </td>
      <td className="number spare-column quiet" title={words.cached(formatShare(cached))}>
        {formatTokensShort(row.inputTokens)}
      </td>
      <td className="number spare-column quiet">{formatTokensShort(row.outputTokens)}</td>
      <td className="number spare-column quiet" title={formatExactMoney(row.savingsNanoUsd)}>
        {row.savingsRequests > 0 ? formatMoney(row.savingsNanoUsd) : '\u2013'}
      </td>
      <td className="share-column">
        <span className="share">
          <Bar share={dearest === 0 ? 0 : row.billedNanoUsd / dearest} label={formatShare(share)} neutral />
          <span className="share-figure">{formatShare(share)}</span>
        </span>
      </td>
      <td className="number">
        <span className={cost.quiet ? 'cost-quiet' : 'cost-strong'} title={cost.hint}>
          {cost.text}
        </span>
        {row.billedNanoUsd > 0 && row.unknownPriced > 0 && (
          <span className="under"> {words.unknownCount(row.unknownPriced)}</span>
        )}
      </td>
    </tr>
  )
}

function RowName({
  name,
  by,
  onFilter,
}: { readonly name: string | null; readonly by: Split } & Pick<SpendTableProps, 'onFilter'>) {
  const shown = shownName(by, name)
  // What has no name cannot be asked for.
  if (name === null) return <span className="quiet row-name-text">{shown}</span>
  return (
    <button
      type="button"
      className="row-name-text row-link"
      title={words.filterBy(name)}
      onClick={() => onFilter({ by, name })}
    >
      {shown}
    </button>
  )
}

interface MoreRowsProps {
  readonly all: boolean
  readonly hidden: readonly SpendRow[]
  readonly onToggle: () => void
}

function MoreRows({ all, hidden, onToggle }: MoreRowsProps) {
  const cost = hidden.reduce((sum, row) => sum + row.billedNanoUsd, 0)
  return (
    <div className="table-foot">
      <button type="button" className="link" onClick={onToggle}>
        {all ? words.fewer : words.more(hidden.length)}
      </button>
      {!all && <span className="cost-strong">{formatMoney(cost)}</span>}
    </div>
  )
}
