import type { SpendGrouping, SpendQuery, SpendReport, SpendRow, SpendSums } from '../contract/spend.ts'
import type { Database } from '../store/database.ts'
import { costIsUnknown } from './request-row.ts'

const defaultLimit = 1000

/** What a grouping groups by and what its rows are called. Fixed SQL text: no value of a request gets in. */
const groupings: Readonly<Record<SpendGrouping, { readonly group: string; readonly name: string }>> = {
  model: simple('model_name'),
  provider: simple('provider'),
  router: simple('router'),
  tier: simple('tier'),
  agent: simple('agent'),
  session: simple('session_id'),
  key: { group: 'key_id', name: 'coalesce(max(key_alias), key_id)' },
  day: simple(`strftime('%Y-%m-%d', started_at / 1000, 'unixepoch', 'localtime')`),
  hour: simple(`strftime('%Y-%m-%dT%H:00', started_at / 1000, 'unixepoch', 'localtime')`),
}

function simple(expression: string) {
  return { group: expression, name: expression }
}

const sums = `
  count(*) AS requests,
  coalesce(sum(input_tokens), 0) AS inputTokens,
  coalesce(sum(cached_tokens), 0) AS cachedTokens,
  coalesce(sum(output_tokens), 0) AS outputTokens,
  coalesce(sum(cost_nano_usd) FILTER (WHERE billing = 'billed'), 0) AS billedNanoUsd,
  coalesce(sum(cost_nano_usd) FILTER (WHERE billing = 'demo'), 0) AS demoNanoUsd,
  count(*) FILTER (WHERE ${costIsUnknown}) AS unknownPriced`

const range = 'FROM requests WHERE started_at >= @since AND started_at < @until'

/** Sums per model, day, key…: see the contract. Scans, so it belongs in the worker. */
export function spendReport(database: Database, query: SpendQuery): SpendReport {
  const { by, since = 0, until = Number.MAX_SAFE_INTEGER, limit = defaultLimit } = query
  const { group, name } = groupings[by]
  const order =
    by === 'day' || by === 'hour' ? 'name DESC' : 'billedNanoUsd DESC, demoNanoUsd DESC, requests DESC, name'
  // One row more than asked for tells whether there are more. Both statements must see the same moment.
  const read = database.transaction(() => ({
    rows: database
      .prepare<unknown[], SpendRow>(
        `SELECT ${name} AS name, ${sums} ${range} GROUP BY ${group} ORDER BY ${order} LIMIT @limit`,
      )
      .all({ since, until, limit: limit + 1 }),
    totals: database.prepare<unknown[], SpendSums>(`SELECT ${sums} ${range}`).get({ since, until }),
  }))
  const { rows, totals } = read()
  if (totals === undefined) throw new Error('A sum without a group always gives one row.')
  return { by, rows: rows.slice(0, limit), totals, truncated: rows.length > limit }
}
