import type { SpendSums } from '../contract/spend.ts'
import type { Read } from './lite-spend.ts'
import type { LiteSpendQuery } from './lite-spend-query.ts'
import type { SumRow } from './sums/query-sums.ts'

/** `GET /user/daily/activity` in LiteLLM's shape: newest day first, in pages of days. */
export function dailyActivity(read: Read, { page, pageSize }: LiteSpendQuery) {
  const rows = read(['utc_day', 'model', 'provider', 'key_id'])
  const days = [...Map.groupBy(rows, (row) => row.names[0] ?? '')].toSorted(([left], [right]) =>
    left < right ? 1 : -1,
  )
  const shown = days.slice((page - 1) * pageSize, page * pageSize)
  const pages = Math.ceil(days.length / pageSize)
  return {
    results: shown.map(([date, parts]) => ({
      date,
      metrics: metrics(parts),
      breakdown: { models: breakdown(parts, 1), providers: breakdown(parts, 2), api_keys: breakdown(parts, 3) },
    })),
    metadata: { ...totals(rows), page, total_pages: pages, has_more: page < pages },
  }
}

function breakdown(rows: readonly SumRow[], place: number) {
  const groups = Map.groupBy(rows, (row) => row.names[place] ?? '')
  groups.delete('')
  return Object.fromEntries(
    [...groups].map(([name, parts]) => {
      const metadata = place === 3 ? { key_alias: parts[0]?.keyAlias ?? null, team_id: null } : {}
      return [name, { metrics: metrics(parts), metadata }]
    }),
  )
}

function metrics(rows: readonly SpendSums[]) {
  const add = (read: (sums: SpendSums) => number) => rows.reduce((sum, row) => sum + read(row), 0)
  const requests = add((row) => row.requests)
  const failures = add((row) => row.failures)
  return {
    spend: add((row) => row.billedNanoUsd) / 1e9,
    prompt_tokens: add((row) => row.inputTokens),
    completion_tokens: add((row) => row.outputTokens),
    cache_read_input_tokens: add((row) => row.cachedTokens),
    cache_creation_input_tokens: add((row) => row.cacheWriteTokens),
    total_tokens: add((row) => row.inputTokens + row.outputTokens),
    successful_requests: requests - failures,
    failed_requests: failures,
    api_requests: requests,
  }
}

function totals(rows: readonly SpendSums[]) {
  return Object.fromEntries(
    Object.entries(metrics(rows)).map(([name, value]) => [`total_${name.replace('total_', '')}`, value]),
  )
}
