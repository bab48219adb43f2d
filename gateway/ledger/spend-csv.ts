import type { SpendReport, SpendRow } from '../contract/spend.ts'

/**
 * A report as CSV (RFC 4180): a heading, a line per row, the total last. Money in USD with all its digits. A text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
export function spendCsv(report: SpendReport): string {
  const heading = [report.by, ...columns.map(([name]) => name)]
  const line = (name: string, sums: Omit<SpendRow, 'name'>) => [name, ...columns.map(([, read]) => String(read(sums)))]
  const lines = [heading, ...report.rows.map((row) => line(row.name ?? '', row)), line('TOTAL', report.totals)]
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

type Sums = Omit<SpendRow, 'name'>

const columns: readonly (readonly [string, (sums: Sums) => number | string])[] = [
  ['requests', (sums) => sums.requests],
  ['failures', (sums) => sums.failures],
  ['cache_hits', (sums) => sums.cacheHits],
  ['input_tokens', (sums) => sums.inputTokens],
  ['cached_tokens', (sums) => sums.cachedTokens],
  ['cache_write_tokens', (sums) => sums.cacheWriteTokens],
  ['output_tokens', (sums) => sums.outputTokens],
  ['reasoning_tokens', (sums) => sums.reasoningTokens],
  ['billed_usd', (sums) => usd(sums.billedNanoUsd)],
  ['flat_rate_equivalent_usd', (sums) => usd(sums.flatRateNanoUsd)],
  ['local_equivalent_usd', (sums) => usd(sums.localNanoUsd)],
  ['demo_usd', (sums) => usd(sums.demoNanoUsd)],
  ['unknown_priced', (sums) => sums.unknownPriced],
  ['savings_usd', (sums) => usd(sums.savingsNanoUsd)],
  ['savings_unknown', (sums) => sums.savingsUnknown],
  ['estimated_usd', (sums) => usd(sums.estimatedNanoUsd)],
]

/** Exact: nine digits behind the point. */
function usd(nano: number): string {
  const digits = String(Math.abs(nano)).padStart(10, '0')
  return `${nano < 0 ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`
}

function csvCell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text)
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
