import { CommandFailure } from './command-failure.ts'

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Reads `30m`, `12h`, `7d`, `2w` as ms. @throws CommandFailure naming the flag */
export function readDuration(text: string, flag: string): number {
  const match = /^(\d{1,6})(s|m|h|d|w)$/.exec(text.trim())
  const unit = unitMs[match?.[2] ?? '']
  const count = Number(match?.[1] ?? 0)
  if (unit !== undefined && count > 0) return count * unit
  throw new CommandFailure(`${flag} is ${JSON.stringify(text)}, and must be a number with a unit: 30m, 12h, 7d or 2w.`)
}

/**
 * The moment a report begins, ms since the epoch: a duration back from `now`, `today` (local midnight), or a date such as
 * 2026-11-20 (local midnight of it). @throws CommandFailure
 */
export function readSince(text: string, now: number): number {
  if (text === 'today') return new Date(now).setHours(0, 0, 0, 0)
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (date !== null) return readDate(text, Number(date[1]), Number(date[2]), Number(date[3]))
  return now - readDuration(text, '--since')
}

function readDate(text: string, year: number, month: number, day: number): number {
  const moment = new Date(year, month - 1, day)
  if (moment.getMonth() === month - 1 && moment.getDate() === day) return moment.getTime()
  throw new CommandFailure(`--since is ${text}, which is not a day of the calendar.`)
}
