import type { SpendSums } from '../contract/spend.ts'
import type { Database } from '../store/database.ts'
import { dailyActivity } from './lite-daily-activity.ts'
import type { LiteSpendQuery, LiteView } from './lite-spend-query.ts'
import { querySums, type SumRow } from './sums/query-sums.ts'
import type { SumDimension, SumFilter } from './sums/sum-source.ts'

/**
 * One of LiteLLM's spend reports in its shape, as JSON text. Spend is what was billed, in USD; subscriptions, local and
 * pretend models are not in it. Belongs in the worker.
 */
export function liteSpend(database: Database, query: LiteSpendQuery): string {
  const read: Read = (groups, order) =>
    querySums(database, { ...filterOf(query), groups, ...(order === undefined ? {} : { order }) })
  return JSON.stringify(
    query.view === 'user/daily/activity' ? dailyActivity(read, query) : views[query.view](read, query),
  )
}

export type Read = (groups: readonly SumDimension[], order?: 'cost' | 'time') => readonly SumRow[]

type View = (read: Read, query: LiteSpendQuery) => unknown

const views: Readonly<Record<Exclude<LiteView, 'user/daily/activity'>, View>> = {
  'spend/keys': (read, { limit }) =>
    read(['key_id'], 'cost')
      .slice(0, limit)
      .map((row) => ({ token: row.names[0], key_alias: row.keyAlias, spend: usd(row) })),
  'spend/users': (read, { limit }) =>
    named(read(['user'], 'cost'))
      .slice(0, limit)
      .map(([user, row]) => ({ user_id: user, spend: usd(row) })),
  'spend/tags': (read) =>
    named(read(['tag'], 'cost')).map(([tag, row]) => ({
      individual_request_tag: tag,
      log_count: row.requests,
      total_spend: usd(row),
    })),
  'global/spend': (read) => ({ spend: usd(only(read([]))), max_budget: null }),
  'global/spend/logs': (read) => read(['utc_day'], 'time').toReversed().map(dayOf),
  'global/spend/keys': (read, { limit }) =>
    read(['key_id'], 'cost')
      .slice(0, limit)
      .map((row) => ({
        api_key: row.names[0],
        key_alias: row.keyAlias,
        key_name: row.keyAlias,
        total_spend: usd(row),
      })),
  'global/spend/models': (read, { limit }) =>
    named(read(['model'], 'cost'))
      .slice(0, limit)
      .map(([model, row]) => ({ model, total_spend: usd(row) })),
  'global/spend/provider': (read) =>
    named(read(['provider'], 'cost')).map(([provider, row]) => ({ provider, spend: usd(row) })),
  'global/spend/tags': (read) => ({
    spend_per_tag: named(read(['tag'], 'cost')).map(([name, row]) => ({
      name,
      spend: usd(row),
      log_count: row.requests,
    })),
  }),
  'global/spend/teams': teams,
  'global/spend/report': report,
  'global/activity': (read) => activity(read(['utc_day'], 'time').toReversed()),
  'global/activity/model': (read) => {
    const byModel = Map.groupBy(read(['model', 'utc_day']), (row) => row.names[0] ?? '')
    return [...byModel].map(([model, rows]) => ({ model, ...activity(byDay(rows, 1)) }))
  },
}

function teams(read: Read) {
  const perTeam = named(read(['team'], 'cost'))
  const days = Map.groupBy(byDay(read(['utc_day', 'team']), 0), (row) => row.names[0] ?? '')
  return {
    daily_spend: [...days].map(([date, rows]) => ({
      ...Object.fromEntries(rows.map((row) => [teamName(row.names[1]), usd(row)])),
      date,
    })),
    teams: perTeam.map(([team]) => team),
    total_spend_per_team: perTeam.map(([team, row]) => ({ team_id: team, total_spend: usd(row) })),
  }
}

function report(read: Read, { groupBy }: LiteSpendQuery): unknown {
  if (groupBy === 'api_key') {
    const byKey = Map.groupBy(read(['key_id', 'model']), (row) => row.names[0] ?? '')
    return [...byKey].map(([key, rows]) => ({
      api_key: key,
      ...costs(rows),
      model_details: rows.map((row) => ({ model: row.names[1], ...costs([row]) })),
    }))
  }
  const dimension = groupBy === 'team' ? 'team' : 'user'
  const days = Map.groupBy(byDay(read(['utc_day', dimension, 'model', 'key_id']), 0), (row) => row.names[0] ?? '')
  return [...days].map(([day, rows]) => {
    const groups = [...Map.groupBy(rows, (row) => row.names[1] ?? '')].map(([name, parts]) => ({
      [groupBy === 'team' ? 'team_name' : 'customer']: groupBy === 'team' ? teamName(name) : name,
      total_spend: parts.reduce((sum, row) => sum + row.billedNanoUsd, 0) / 1e9,
      metadata: parts.map((row) => ({
        model: row.names[2],
        spend: usd(row),
        total_tokens: row.inputTokens + row.outputTokens,
        api_key: row.names[3],
      })),
    }))
    return { group_by_day: day, [groupBy === 'team' ? 'teams' : 'customers']: groups }
  })
}

function costs(rows: readonly SpendSums[]) {
  const add = (read: (sums: SpendSums) => number) => rows.reduce((sum, row) => sum + read(row), 0)
  return {
    total_cost: add((row) => row.billedNanoUsd) / 1e9,
    total_input_tokens: add((row) => row.inputTokens),
    total_output_tokens: add((row) => row.outputTokens),
  }
}

/** `rows` by day, oldest first; the day is the last of their names. */
function activity(rows: readonly SumRow[]) {
  const days = rows.map((row) => ({
    date: row.names.at(-1),
    api_requests: row.requests,
    total_tokens: row.inputTokens + row.outputTokens,
  }))
  return {
    daily_data: days,
    sum_api_requests: days.reduce((sum, day) => sum + day.api_requests, 0),
    sum_total_tokens: days.reduce((sum, day) => sum + day.total_tokens, 0),
  }
}

function byDay(rows: readonly SumRow[], place: number): readonly SumRow[] {
  return rows.toSorted((left, right) => ((left.names[place] ?? '') < (right.names[place] ?? '') ? -1 : 1))
}

/** Rows of something; those of requests that had none are left out. */
function named(rows: readonly SumRow[]): readonly (readonly [string, SumRow])[] {
  return rows.flatMap((row) => (row.names[0] === '' ? [] : [[row.names[0] ?? '', row] as const]))
}

function only(rows: readonly SumRow[]): SumRow {
  const [row] = rows
  if (row === undefined) throw new Error('A sum without a group always gives one row.')
  return row
}

function dayOf(row: SumRow) {
  return { date: row.names[0], spend: usd(row) }
}

function teamName(team: string | undefined): string {
  return team === undefined || team === '' ? 'Unassigned' : team
}

function usd(sums: Pick<SpendSums, 'billedNanoUsd'>): number {
  return sums.billedNanoUsd / 1e9
}

function filterOf({ since, until, keyId, model, user }: LiteSpendQuery): SumFilter {
  const where = {
    ...(keyId === undefined ? {} : { key: keyId }),
    ...(model === undefined ? {} : { model }),
    ...(user === undefined ? {} : { user }),
  }
  return { since, until, where }
}
