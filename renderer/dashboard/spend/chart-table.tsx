import { formatMoney } from '../../format/money.ts'
import type { SpendChart } from '../../format/spend-chart.ts'
import { formatDay, formatStamp } from '../../format/time.ts'
import { placeTime } from '../../state/spend-period.ts'
import { bandName, type Split } from '../../state/spend-view.ts'
import { strings } from '../../strings.ts'

const words = strings.spendPage

/** The chart's figures for those who do not see it: only days and hours in which something was billed. */
export function ChartTable({ layout, split }: { readonly layout: SpendChart; readonly split: Split }) {
  const columns = layout.columns.filter((column) => column.totalNanoUsd > 0)
  return (
    <table className="visually-hidden">
      <caption>{words.tableTwin}</caption>
      <thead>
        <tr>
          <th scope="col">{words.time}</th>
          {layout.bands.map((band) => (
            <th key={bandName(band, split)} scope="col">
              {bandName(band, split)}
            </th>
          ))}
          <th scope="col">{words.total}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <tr key={column.at}>
            <th scope="row">
              {column.at.includes('T') ? formatStamp(placeTime(column.at)) : formatDay(placeTime(column.at))}
            </th>
            {layout.bands.map((band, step) => (
              <td key={bandName(band, split)}>
                {formatMoney(column.parts.find((part) => part.step === step)?.nanoUsd ?? 0)}
              </td>
            ))}
            <td>{formatMoney(column.totalNanoUsd)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
