import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** What a 429 says about the next attempt. */
export type Quota =
  | { readonly kind: 'wait'; readonly ms: number; readonly daily: boolean }
  /** The plan has none of it: waiting does not help. */
  | { readonly kind: 'never' }
  | { readonly kind: 'unknown' }

/**
 * Reads QuotaFailure and RetryInfo (google.rpc.error_details): a quota whose limit is 0 never comes, one of the day comes
 * back at midnight Pacific time, else `retryDelay` counts, or the same in the sentence.
 *
 * @param now ms since the epoch
 */
export function quotaOf(message: string, details: readonly JsonObject[], now: number): Quota {
  const violations = details.flatMap((detail) => (Array.isArray(detail.violations) ? detail.violations : []))
  const known = violations.filter((violation) => isJsonObject(violation))
  if (known.some((violation) => isZero(violation.quotaValue)) || /\blimit: 0\b/.test(message)) return { kind: 'never' }
  if (/spending cap|prepayment credits are depleted/i.test(message)) return { kind: 'never' }
  if (known.some((violation) => typeof violation.quotaId === 'string' && violation.quotaId.includes('PerDay'))) {
    return { kind: 'wait', ms: msToPacificMidnight(now), daily: true }
  }
  const delay = details.map((detail) => secondsOf(detail.retryDelay)).find((seconds) => seconds !== undefined)
  const seconds = delay ?? secondsOf(/retry in ([\d.]+s)/i.exec(message)?.[1])
  return seconds === undefined ? { kind: 'unknown' } : { kind: 'wait', ms: Math.ceil(seconds * 1000), daily: false }
}

function isZero(value: JsonValue | undefined): boolean {
  return value === 0 || value === '0'
}

/** A duration of protobuf's JSON form: `37s`, `0.5s`. */
function secondsOf(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined
  return number === undefined ? undefined : Number(number)
}

const dayMs = 24 * 60 * 60 * 1000

const pacificClock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** To the minute on days when the clock is changed; never more than a day. */
function msToPacificMidnight(now: number): number {
  const parts = pacificClock.formatToParts(now)
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0)
  const passed = ((read('hour') * 60 + read('minute')) * 60 + read('second')) * 1000 + (now % 1000)
  return dayMs - passed
}
