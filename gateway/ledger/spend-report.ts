import { spendFilters } from '../contract/spend-filters.ts'
import type { SpendFilter, SpendGrouping, SpendQuery, SpendReport, SpendRow, SpendSums } from '../contract/spend.ts'
import type { Database } from '../store/database.ts'
import { ledgerNotes } from './ledger-events.ts'
import { savingsFormula } from './savings.ts'
import { rowsKeptFrom } from './sums/kept-rows.ts'
import { querySums, type SumRow } from './sums/query-sums.ts'
import { type SumDimension, type SumFilter, sumSource } from './sums/sum-source.ts'

const defaultLimit = 1000

/** Sums per model, day, key…: see the contract. Reads many rows, so it belongs in the worker. */
export function spendReport(database: Database, query: SpendQuery): SpendReport {
  const { by, limit = defaultLimit } = query
  const filter = sumFilter(query)
  const order = by === 'day' || by === 'hour' ? 'time' : 'cost'
  // One row more than asked for tells whether there are more. All statements must see the same moment.
  const read = database.transaction(() => {
    const rows = querySums(database, { ...filter, groups: [dimensionOf(by)], order, limit: limit + 1 })
    const shown = rows.slice(0, limit)
    return {
      rows: shown.map((row) => toSpendRow(by, row)),
      truncated: rows.length > limit,
      totals: totalsOf(database, filter),
      ...(query.bucket === undefined ? {} : { series: seriesOf(database, query.bucket, by, filter, shown) }),
      notes: notesOf(database, by, filter),
    }
  })
  return { by, savingsFormula, ...read() }
}

/** The filter of a query in the words of the sums. */
export function sumFilter(query: SpendFilter & Pick<SpendQuery, 'since' | 'until'>): SumFilter {
  const { since, until } = query
  const given = spendFilters.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]] as const]))
  return { since, until, where: Object.fromEntries(given) }
}

/** The sums of all requests that a filter lets through. */
export function totalsOf(database: Database, filter: SumFilter): SpendSums {
  const [total] = querySums(database, { ...filter, groups: [] })
  if (total === undefined) throw new Error('A sum without a group always gives one row.')
  return withoutNames(total)
}

function seriesOf(
  database: Database,
  bucket: 'day' | 'hour',
  by: SpendGrouping,
  filter: SumFilter,
  shown: readonly SumRow[],
): NonNullable<SpendReport['series']> {
  const names = new Set(shown.map((row) => row.names[0]))
  return querySums(database, { ...filter, groups: [bucket, dimensionOf(by)] })
    .filter((row) => names.has(row.names[1]))
    .map((row) => ({ at: row.names[0] ?? '', ...toSpendRow(by, { ...row, names: row.names.slice(1) }) }))
    .toSorted((left, right) => (left.at < right.at ? -1 : Number(left.at > right.at)))
}

function notesOf(database: Database, by: SpendGrouping, filter: SumFilter): string[] {
  const notes = ledgerNotes(database)
  const keptFrom = rowsKeptFrom(database)
  const { fromRows } = sumSource([dimensionOf(by)], filter, keptFrom)
  if (fromRows && (filter.since ?? 0) < keptFrom) {
    notes.push(
      `Rows before ${new Date(keptFrom).toISOString()} are deleted (retention); sessions, tags and roles together with another filter are counted from then on.`,
    )
  }
  return notes
}

function dimensionOf(by: SpendGrouping): SumDimension {
  return by === 'key' ? 'key_id' : by
}

function toSpendRow(by: SpendGrouping, row: SumRow): SpendRow {
  const [name = ''] = row.names
  const shown = by === 'key' && row.keyAlias !== null ? row.keyAlias : name
  return { name: shown === '' ? null : shown, ...withoutNames(row) }
}

function withoutNames({ names: _names, keyAlias: _alias, ...sums }: SumRow): SpendSums {
  return sums
}
