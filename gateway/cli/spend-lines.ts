import type { SpendReport, SpendSums } from '../contract/spend.ts'
import { formatNanoUsd } from './money.ts'
import { textTable } from './text-table.ts'

const numberColumns = [1, 2, 3, 4, 5]

/** A spend report as lines for a terminal. What is not paid per token and unknown costs stand beside the cost, never in it. */
export function spendLines(report: SpendReport): string[] {
  if (report.totals.requests === 0) return ['No requests in this time.']
  const heading = [report.by.toUpperCase(), 'REQUESTS', 'INPUT', 'CACHED', 'OUTPUT', 'COST', '']
  const rows = report.rows.map((row) => [row.name ?? `(no ${report.by})`, ...cells(row)])
  const lines = textTable([heading, ...rows, ['TOTAL', ...cells(report.totals)]], numberColumns)
  if (report.truncated) lines.push('There are more rows; the total covers them all.')
  if (report.totals.unknownPriced > 0) {
    lines.push(
      'Of unknown cost: no price is known for the model, or its tokens were not reported (a broken-off answer).',
    )
  }
  const { savingsNanoUsd, savingsRequests, savingsUnknown } = report.totals
  if (savingsRequests > 0) {
    const unknown = savingsUnknown === 0 ? '' : `; ${groupDigits(savingsUnknown)} of unknown price left out`
    lines.push(
      `Saved by routing: ${formatNanoUsd(savingsNanoUsd)} over ${groupDigits(savingsRequests)} answers${unknown}.`,
      report.savingsFormula,
    )
  }
  lines.push(...report.notes)
  return lines
}

function cells(sums: SpendSums): string[] {
  const numbers = [sums.requests, sums.inputTokens, sums.cachedTokens, sums.outputTokens].map(groupDigits)
  return [...numbers, cost(sums), remarks(sums)]
}

/** Where every cost is unknown there is no sum at all: `$0.00` would be a lie. */
function cost(sums: SpendSums): string {
  const isUnknown = sums.billedNanoUsd === 0 && sums.unknownPriced > 0
  return isUnknown ? 'unknown' : formatNanoUsd(sums.billedNanoUsd)
}

function remarks(sums: SpendSums): string {
  const parts: string[] = []
  if (sums.flatRateNanoUsd > 0) parts.push(`${formatNanoUsd(sums.flatRateNanoUsd)} by subscription`)
  if (sums.localNanoUsd > 0) parts.push(`${formatNanoUsd(sums.localNanoUsd)} local`)
  if (sums.demoNanoUsd > 0) parts.push(`${formatNanoUsd(sums.demoNanoUsd)} pretend`)
  if (sums.estimatedNanoUsd > 0) parts.push(`${formatNanoUsd(sums.estimatedNanoUsd)} estimated`)
  if (sums.unknownPriced > 0) parts.push(`${sums.unknownPriced} of unknown cost`)
  return parts.join(', ')
}

function groupDigits(value: number): string {
  return value.toLocaleString('en-US')
}
