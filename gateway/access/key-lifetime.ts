import { GatewayError } from '../model/errors.ts'

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** A hundred years: beyond it a date is a slip of the keyboard. */
const longestMs = 100 * 366 * 86_400_000

/**
 * Lifetime of a key in ms, from LiteLLM's notation: a number and `s`, `m`, `h`, `d`, `w` or `mo`. Plain time from `now`
 * (ms since the epoch), months by the calendar (litellm-compat §5.2).
 * @throws GatewayError `invalid_field` with param `duration`
 */
export function parseKeyLifetime(text: string, now: number): number {
  const match = /^(\d{1,9})(s|m|h|d|w|mo)$/u.exec(text.trim())
  const count = Number(match?.[1])
  const unit = match?.[2]
  if (unit === undefined || count === 0) throw unreadable(text)
  const lifetime = unit === 'mo' ? monthsLater(now, count) - now : count * (unitMs[unit] ?? 0)
  if (!(lifetime > 0 && lifetime <= longestMs)) throw unreadable(text)
  return lifetime
}

/** The same day and time `count` months later, the last day of that month where it is shorter. */
function monthsLater(now: number, count: number): number {
  const start = new Date(now)
  const month = new Date(now)
  month.setUTCDate(1)
  month.setUTCMonth(month.getUTCMonth() + count)
  const lastDay = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate()
  month.setUTCDate(Math.min(start.getUTCDate(), lastDay))
  return month.getTime()
}

function unreadable(text: string): GatewayError {
  return new GatewayError(
    'invalid_field',
    `duration is "${text.slice(0, 40)}"; wanted a number and a unit, such as 30s, 15m, 12h, 30d, 2w or 1mo.`,
    { param: 'duration' },
  )
}
