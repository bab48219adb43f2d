import { type HourDimension, hourDimensions, hourOf, measures } from './measures.ts'
import { rowDimensions, rowMeasures } from './row-sums.ts'

/** What has sums of its own. */
const labels = ['session', 'tag', 'role'] as const
type Label = (typeof labels)[number]

/** Something sums can be grouped by. Days and hours are local time. */
export type SumDimension = HourDimension | 'day' | 'hour' | 'utc_day' | Label

/** What is summed up. Absent = all. Times in ms since the epoch, `until` not included. */
export interface SumFilter {
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** `key` is a key's id or alias. */
  readonly where: Readonly<Partial<Record<Exclude<HourDimension, 'key_id'> | 'key' | Label, string>>>
}

/** SQL of a table with the columns `at`, `key_alias`, the wanted dimensions and all measures. Values are bound, never written. */
export interface SumSource {
  readonly sql: string
  readonly values: readonly (string | number)[]
  /** True when single rows answer the whole question: those that were deleted are not in it. */
  readonly fromRows: boolean
}

const dayOrHour: ReadonlySet<string> = new Set(['day', 'hour', 'utc_day'])
type Value = string | number
interface Part {
  readonly sql: string
  readonly values: readonly Value[]
}

/**
 * Where the sums of a question come from: the sums by hour, with single rows for the hours that the range only cuts, or
 * single rows alone where sessions, tags or roles meet another dimension. `rowsFrom`: older rows are deleted, so an hour that is
 * cut there counts as a whole.
 */
export function sumSource(groups: readonly SumDimension[], filter: SumFilter, rowsFrom: number): SumSource {
  const asked = [...groups, ...(Object.keys(filter.where) as (keyof SumFilter['where'])[])]
  const askedLabels = labels.filter((label) => asked.includes(label))
  const others = asked.filter((name) => !dayOrHour.has(name) && !labels.includes(name as Label))
  const dimensions = groups.filter((name) => !dayOrHour.has(name)) as (HourDimension | Label)[]
  const since = filter.since ?? 0
  const until = filter.until ?? Number.MAX_SAFE_INTEGER
  if (askedLabels.length > 1 || (askedLabels.length === 1 && others.length > 0)) {
    const part = rowPart(dimensions, filter, [{ since, until }])
    return { ...part, fromRows: true }
  }
  const { whole, cut } = splitRange(since, until, rowsFrom)
  const [label] = askedLabels
  const kept = label === undefined ? hourPart(dimensions, filter, whole) : labelPart(label, dimensions, filter, whole)
  const edges = cut.length === 0 ? [] : [rowPart(dimensions, filter, cut)]
  return {
    sql: [kept, ...edges].map(({ sql }) => sql).join(' UNION ALL '),
    values: [kept, ...edges].flatMap(({ values }) => values),
    fromRows: false,
  }
}

interface Range {
  readonly since: number
  readonly until: number
}

const hourMs = 3_600_000

/** Whole hours, and the ends that are none. */
function splitRange(since: number, until: number, rowsFrom: number): { whole: Range; cut: readonly Range[] } {
  const first = startOfRange(since, rowsFrom)
  const last = until === Number.MAX_SAFE_INTEGER ? until : endOfRange(until, rowsFrom)
  if (first.hour >= last) return { whole: { since: 0, until: 0 }, cut: since < until ? [{ since, until }] : [] }
  const cut = [
    ...(first.isCut ? [{ since, until: first.hour }] : []),
    ...(last < until && until !== Number.MAX_SAFE_INTEGER ? [{ since: last, until }] : []),
  ]
  return { whole: { since: first.hour, until: last }, cut }
}

function startOfRange(since: number, rowsFrom: number): { readonly hour: number; readonly isCut: boolean } {
  const hour = hourOf(since)
  if (hour === since || since < rowsFrom) return { hour, isCut: false }
  return { hour: hour + hourMs, isCut: true }
}

function endOfRange(until: number, rowsFrom: number): number {
  const hour = hourOf(until)
  return hour !== until && until < rowsFrom ? hour + hourMs : hour
}

function hourPart(dimensions: readonly string[], filter: SumFilter, { since, until }: Range): Part {
  const conditions = conditionsOf(filter, (name) => name)
  return {
    sql: `SELECT hour AS at, key_alias, ${[...dimensions, ...measures].join(', ')} FROM spend_hours
      WHERE hour >= ? AND hour < ?${conditions.sql}`,
    values: [since, until, ...conditions.values],
  }
}

function labelPart(label: Label, dimensions: readonly string[], { where }: SumFilter, { since, until }: Range): Part {
  const named = where[label]
  return {
    sql: `SELECT hour AS at, NULL AS key_alias, ${[...dimensions.map((name) => `label AS ${name}`), ...measures].join(', ')}
      FROM spend_label_hours WHERE kind = '${label}' AND hour >= ? AND hour < ?${named === undefined ? '' : ' AND label = ?'}`,
    values: [since, until, ...(named === undefined ? [] : [named])],
  }
}

function rowPart(dimensions: readonly (HourDimension | Label)[], filter: SumFilter, ranges: readonly Range[]): Part {
  const conditions = conditionsOf(filter, (name) => rowDimensions[name])
  const { session, tag, role } = filter.where
  const byTag = dimensions.includes('tag')
  const columns = dimensions.map((name) => `${rowColumn(name)} AS ${name}`)
  const amounts = measures.map((name) => `${rowMeasures[name]} AS ${name}`)
  const inRange = ranges.map(() => '(started_at >= ? AND started_at < ?)').join(' OR ')
  return {
    sql: `SELECT started_at AS at, requests.key_alias AS key_alias, ${[...columns, ...amounts].join(', ')}
      FROM requests ${byTag ? 'LEFT JOIN json_each(requests.tags) AS label' : ''}
      WHERE (${inRange})${conditions.sql}${session === undefined ? '' : ' AND session_id = ?'}${role === undefined ? '' : ' AND role = ?'}${tag === undefined ? '' : hasTag}`,
    values: [
      ...ranges.flatMap(({ since, until }) => [since, until]),
      ...conditions.values,
      ...(session === undefined ? [] : [session]),
      ...(role === undefined ? [] : [role]),
      ...(tag === undefined ? [] : [tag]),
    ],
  }
}

const hasTag = ' AND EXISTS (SELECT 1 FROM json_each(requests.tags) WHERE value = ?)'

function rowColumn(name: HourDimension | Label): string {
  if (name === 'session') return `coalesce(session_id, '')`
  if (name === 'role') return `coalesce(requests.role, '')`
  return name === 'tag' ? `coalesce(label.value, '')` : rowDimensions[name]
}

/** Conditions on the dimensions that the sums by hour have. */
function conditionsOf({ where }: SumFilter, column: (name: HourDimension) => string): Part {
  const parts: string[] = []
  const values: Value[] = []
  for (const name of hourDimensions) {
    const value = name === 'key_id' ? undefined : where[name]
    if (value === undefined) continue
    parts.push(` AND ${column(name)} = ?`)
    values.push(value)
  }
  if (where.key !== undefined) {
    parts.push(` AND (${column('key_id')} = ? OR key_alias = ?)`)
    values.push(where.key, where.key)
  }
  return { sql: parts.join(''), values }
}
