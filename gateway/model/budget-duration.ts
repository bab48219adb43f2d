import { type CalendarDay, dayIn, dayNumber, startOfDay, zoneOffset } from './zoned-time.ts'

/** How long a budget lasts until it starts anew: a count of one unit. */
export interface BudgetDuration {
  readonly count: number
  readonly unit: 's' | 'm' | 'h' | 'd' | 'w' | 'mo'
}

/** Words people write (litellm-compat §5.2); LiteLLM itself reads `monthly` as a day. */
const words: Readonly<Record<string, BudgetDuration>> = {
  hourly: { count: 1, unit: 'h' },
  daily: { count: 1, unit: 'd' },
  weekly: { count: 1, unit: 'w' },
  monthly: { count: 1, unit: 'mo' },
  yearly: { count: 12, unit: 'mo' },
}

/** About how long each unit is, in ms: months differ. */
export const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_678_400_000 } as const
const longestMs = 100 * 366 * 86_400_000

/** What `parseBudgetDuration` takes, for messages. */
export const wantedDuration =
  'a number and a unit such as 30s, 15m, 12h, 30d, 2w or 1mo, or hourly, daily, weekly, monthly or yearly'

/** Reads a budget's duration; undefined for anything else. */
export function parseBudgetDuration(text: string): BudgetDuration | undefined {
  const plain = text.trim().toLowerCase()
  if (Object.hasOwn(words, plain)) return words[plain]
  const match = /^(\d{1,9})(mo|[smhdw])$/u.exec(plain)
  const count = Number(match?.[1] ?? 0)
  const unit = match?.[2] as BudgetDuration['unit'] | undefined
  if (unit === undefined || count === 0 || count * unitMs[unit] > longestMs) return undefined
  return { count, unit }
}

/**
 * The next moment after `from` (both ms since the epoch) at which a budget starts anew, by the calendar of `zone`
 * (litellm-compat §5.2): a day at midnight, a week on Monday, 30 days and months on the first, any other number of days or
 * weeks that many midnights on, hours and shorter at multiples of themselves on the wall clock.
 */
export function nextReset({ count, unit }: BudgetDuration, from: number, zone: string): number {
  if (unit === 'mo' || (unit === 'd' && count === 30)) return nextMonth(unit === 'mo' ? count : 1, from, zone)
  const hours = unit === 'h' && count % 24 === 0
  if (unit === 'd' || unit === 'w' || hours)
    return nextDay(hours ? count / 24 : count * (unit === 'w' ? 7 : 1), from, zone)
  const length = count * unitMs[unit]
  const offset = zoneOffset(from, zone)
  return Math.floor((from + offset) / length) * length + length - offset
}

/** Months are counted from January, so that three are a quarter and twelve a year. */
function nextMonth(count: number, from: number, zone: string): number {
  const { year, month } = dayIn(zone, from)
  const months = year * 12 + month - 1
  const next = Math.floor(months / count) * count + count
  return startOfDay({ year: Math.floor(next / 12), month: (next % 12) + 1, day: 1 }, zone)
}

function nextDay(days: number, from: number, zone: string): number {
  const today = dayIn(zone, from)
  return startOfDay({ ...today, day: today.day + (days === 7 ? untilMonday(today) : days) }, zone)
}

function untilMonday(today: CalendarDay): number {
  // 1970-01-01 was a Thursday: day 4 was the first Monday.
  const weekday = (((dayNumber(today) - 4) % 7) + 7) % 7
  return 7 - weekday
}
