/** A day of the calendar as people write it. */
export interface CalendarDay {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
}

const dayMs = 86_400_000
const formatters = new Map<string, Intl.DateTimeFormat>()

/** True for a time zone that this machine knows, such as `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatterOf(zone)
    return true
  } catch {
    return false
  }
}

/** How far the zone's wall clock is ahead of UTC at a moment, in ms. `at`: ms since the epoch. */
export function zoneOffset(at: number, zone: string): number {
  const parts = formatterOf(zone).formatToParts(at)
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? 0)
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'))
  return wall - Math.floor(at / 1000) * 1000
}

/** The day on the zone's calendar at a moment (ms since the epoch). */
export function dayIn(zone: string, at: number): CalendarDay {
  const wall = new Date(at + zoneOffset(at, zone))
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() }
}

/**
 * The first moment of a day in a zone, ms since the epoch. Months and days beyond their range count on, as in `Date.UTC`.
 * Where clocks skip midnight it is the moment they skip to.
 */
export function startOfDay({ year, month, day }: CalendarDay, zone: string): number {
  const wall = Date.UTC(year, month - 1, day)
  // The offset half a day before midnight and the one half a day after it: at most one change lies between them.
  const before = wall - zoneOffset(wall - dayMs / 2, zone)
  const after = wall - zoneOffset(wall + dayMs / 2, zone)
  if (before === after) return before
  const [first, second] = before < after ? [before, after] : [after, before]
  return first + zoneOffset(first, zone) >= wall ? first : second
}

/** Days since 1970-01-01 on the calendar: for counting with days. */
export function dayNumber({ year, month, day }: CalendarDay): number {
  return Math.floor(Date.UTC(year, month - 1, day) / dayMs)
}

/** Formatters cost far more to make than to use. @throws RangeError for an unknown zone */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(zone, made)
  return made
}
