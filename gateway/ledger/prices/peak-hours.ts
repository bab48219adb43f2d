/** Spans of a day in UTC, as ms after midnight; one whose end is before its start goes over midnight. */
export interface PeakHours {
  readonly spans: readonly { readonly start: number; readonly end: number }[]
  /** Monday to Friday (UTC). */
  readonly weekdaysOnly: boolean
}

const dayMs = 86_400_000

/** Reads `01:00-04:00`. */
export function readHours(texts: readonly string[], weekdaysOnly: boolean): PeakHours {
  const spans = texts.map((text) => {
    const [start = '', end = ''] = text.split('-')
    return { start: timeOfDay(start), end: timeOfDay(end) }
  })
  return { spans, weekdaysOnly }
}

/** `at` in ms since the epoch. The end of a span is not part of it. */
export function isInPeak({ spans, weekdaysOnly }: PeakHours, at: number): boolean {
  if (weekdaysOnly && isWeekend(at)) return false
  const now = ((at % dayMs) + dayMs) % dayMs
  return spans.some(({ start, end }) => (start <= end ? now >= start && now < end : now >= start || now < end))
}

export function isWeekend(at: number): boolean {
  const day = new Date(at).getUTCDay()
  return day === 0 || day === 6
}

function timeOfDay(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':')
  return (Number(hours) * 60 + Number(minutes)) * 60_000
}
