export type SpendRange =
  | { readonly name: 'today' | '7d' | '30d' }
  /** Local days such as `2026-11-20`, the last one included. */
  | { readonly name: 'custom'; readonly from: string; readonly to: string }

export interface SpendPeriod {
  /** ms since the epoch. */
  readonly since: number
  /** ms since the epoch, not included; undefined = until now, so that what comes is counted, too. */
  readonly until: number | undefined
  readonly bucket: 'day' | 'hour'
  /** Every day or hour of it by the name the gateway gives it, oldest first, whether or not anything was asked then. */
  readonly places: readonly string[]
}

export type RangeProblem = 'incomplete' | 'reversed' | 'long'

const longestDays = 366

/** The days or hours of a range. `now` in ms since the epoch; a custom range must have no problem. */
export function periodOf(range: SpendRange, now: number): SpendPeriod {
  const today = startOfDay(new Date(now))
  if (range.name === 'today') return hoursOf(today, undefined)
  if (range.name !== 'custom') {
    const count = range.name === '7d' ? 7 : 30
    return { since: later(today, 1 - count).getTime(), until: undefined, bucket: 'day', places: days(today, count) }
  }
  const from = dayCalled(range.from)
  const to = dayCalled(range.to)
  const end = later(to, 1).getTime()
  const until = end > now ? undefined : end
  if (range.from === range.to) return hoursOf(from, until)
  return { since: from.getTime(), until, bucket: 'day', places: days(to, daysBetween(from, to)) }
}

/** What is wrong with a custom range; undefined when it can be asked for. */
export function rangeProblem(from: string, to: string): RangeProblem | undefined {
  const first = dayCalled(from)
  const last = dayCalled(to)
  if (Number.isNaN(first.getTime()) || Number.isNaN(last.getTime())) return 'incomplete'
  if (first > last) return 'reversed'
  return daysBetween(first, last) > longestDays ? 'long' : undefined
}

/** The local day of a time, `2026-11-20`. */
export function dayName(timestamp: number): string {
  const date = new Date(timestamp)
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
}

/** The time a day or hour of the report begins, ms since the epoch. */
export function placeTime(place: string): number {
  return place.includes('T') ? new Date(place).getTime() : dayCalled(place).getTime()
}

function hoursOf(day: Date, until: number | undefined): SpendPeriod {
  const name = dayName(day.getTime())
  const places = Array.from({ length: 24 }, (_, hour) => `${name}T${twoDigits(hour)}:00`)
  return { since: day.getTime(), until, bucket: 'hour', places }
}

function days(last: Date, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => dayName(later(last, index - count + 1).getTime()))
}

/** By the calendar: days are not all of 24 hours. */
function later(day: Date, count: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + count)
}

function daysBetween(first: Date, last: Date): number {
  return Math.round((last.getTime() - first.getTime()) / 86_400_000) + 1
}

function dayCalled(name: string): Date {
  return new Date(`${name}T00:00`)
}

function startOfDay(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate())
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
