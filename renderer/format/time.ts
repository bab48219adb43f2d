import { thinSpace } from './figures.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const relativeUntilMs = 2 * 60 * minuteMs

/** Clock time of an event in a list, `10:14:07`, 24 hours whatever the locale. */
export function formatClock(timestamp: number, locale?: string): string {
  return clock(timestamp, locale, true)
}

/** Clock time without seconds, `14:20`. */
export function formatClockShort(timestamp: number, locale?: string): string {
  return clock(timestamp, locale, false)
}

/** `now`, `40 s ago`, `62 min ago` for two hours; then today's `14:20`; then `18 Nov`. Both times in ms since the epoch. */
export function formatRelative(timestamp: number, now: number, locale?: string): string {
  const age = now - timestamp
  if (age < 10 * secondMs) return 'now'
  if (age < minuteMs) return `${Math.floor(age / secondMs)}${thinSpace}s ago`
  if (age < relativeUntilMs) return `${Math.floor(age / minuteMs)}${thinSpace}min ago`
  return isSameDay(timestamp, now) ? formatClockShort(timestamp, locale) : dayAndMonth(timestamp, locale)
}

/** The full stamp with its zone, for a tooltip. */
export function formatStamp(timestamp: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' }).format(timestamp)
}

/** True when both times lie on one local day. */
export function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}

function clock(timestamp: number, locale: string | undefined, withSeconds: boolean): string {
  const parts: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  return new Intl.DateTimeFormat(locale, withSeconds ? { ...parts, second: '2-digit' } : parts).format(timestamp)
}

/** The local day, `18 Nov`. */
export function formatDay(timestamp: number, locale?: string): string {
  return dayAndMonth(timestamp, locale)
}

/** The day under a column of a chart, `Wed 18`. */
export function formatWeekday(timestamp: number, locale?: string): string {
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' }).format(timestamp)
  return `${weekday} ${new Date(timestamp).getDate()}`
}

/** Day before month in English: `18 Nov`; other languages keep their own order. */
function dayAndMonth(timestamp: number, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  if (!format.resolvedOptions().locale.startsWith('en')) return format.format(timestamp)
  const parts = format.formatToParts(timestamp)
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? ''
  return `${part('day')} ${part('month')}`
}
