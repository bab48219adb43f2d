import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'

/** Nobody waits longer than this on a header's word. */
const maxWaitMs = 24 * 60 * 60 * 1000

/**
 * How long an upstream asks to wait, in ms: `retry-after-ms`, then `retry-after` as seconds or HTTP date (RFC 9110 §10.2.3).
 * Undefined when it says nothing usable.
 */
export function readRetryAfter(headers: UpstreamHeaders, now: number = Date.now()): number | undefined {
  const milliseconds = numberOf(headers['retry-after-ms'])
  if (milliseconds !== undefined) return Math.min(milliseconds, maxWaitMs)
  const header = headers['retry-after']
  const seconds = numberOf(header)
  if (seconds !== undefined) return Math.min(seconds * 1000, maxWaitMs)
  const date = typeof header === 'string' ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), maxWaitMs)
}

function numberOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\s*\d+(?:\.\d+)?\s*$/.test(header)) return undefined
  return Number(header)
}
