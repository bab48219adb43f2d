const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** When a provider's day begins. */
export interface DayRule {
  /** Minutes after midnight. */
  readonly resetsAtMinute: number
  /** IANA name. */
  readonly timeZone: string
}

/** Both in ms since the epoch; the end is not included. */
export interface TimeSpan {
  readonly startsAt: number
  readonly endsAt: number
}

/**
 * The day that `now` falls in. It is 23 or 25 hours long where the clocks change. A clock time that does not exist on a
 * day (02:30 in the night that skips it) comes an hour later, one that exists twice counts the first time. Pure.
 */
export function dayAt(now: number, { resetsAtMinute, timeZone }: DayRule): TimeSpan {
  const offsetAt = offsetsOf(timeZone)
  const localDay = Math.floor((now + offsetAt(now)) / dayMs)
  const resets = [-1, 0, 1, 2].map((days) => instantOf((localDay + days) * dayMs + resetsAtMinute * minuteMs, offsetAt))
  const next = resets.findIndex((reset) => reset > now)
  return { startsAt: resets[next - 1] ?? now - dayMs, endsAt: resets[next] ?? now + dayMs }
}

/** `local` is a clock reading as if it were UTC. */
function instantOf(local: number, offsetAt: (instant: number) => number): number {
  const before = local - offsetAt(local - dayMs)
  if (local - before === offsetAt(before)) return before
  const after = local - offsetAt(local + dayMs)
  return local - after === offsetAt(after) ? after : before
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The zone's distance from UTC at an instant, in ms. */
function offsetsOf(timeZone: string): (instant: number) => number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  formats.set(timeZone, format)
  return (instant) => {
    const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT'
    const [, sign, hours, minutes, seconds] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? []
    if (sign === undefined) return 0
    const ms = (Number(hours) * 60 + Number(minutes)) * minuteMs + Number(seconds ?? 0) * 1000
    return sign === '-' ? -ms : ms
  }
}
