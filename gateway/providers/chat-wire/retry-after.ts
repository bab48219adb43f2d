import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'

/** Nobody waits longer than this on a header's word. */
const maxWaitMs = 24 * 60 * 60 * 1000

/**
 * How long an upstream asks to wait, in ms: `retry-after-ms`, then `retry-after` as seconds or HTTP date (RFC 9110 §10.2.3).
 * Undefined when it says nothing usable.
 */
export function readRetryAfter(headers: UpstreamHeaders, now: number = Date.now()): number | undefined {
  const milliseconds = numberOf(headers['retry-after-ms']) ?? numberOf(headers['x-ms-retry-after-ms'])
  if (milliseconds !== undefined) return Math.min(milliseconds, maxWaitMs)
  const header = headers['retry-after']
  const seconds = numberOf(header)
  if (seconds !== undefined) return Math.min(seconds * 1000, maxWaitMs)
  const date = typeof header === 'string' ? Date.parse(header) : Number.NaN
  if (!Number.isNaN(date)) return Math.min(Math.max(0, date - now), maxWaitMs)
  return readLimitReset(headers, now)
}

/**
 * When a limit that is used up opens again: `x-ratelimit-reset-*` as a duration (OpenAI, Groq), `ratelimit-reset` in seconds
 * (Kong, as SAIA has it), `x-ratelimit-reset` in ms since the epoch (OpenRouter).
 */
function readLimitReset(headers: UpstreamHeaders, now: number): number | undefined {
  const spent = Object.keys(headers).filter((name) => remaining.test(name) && numberOf(headers[name]) === 0)
  const waits = spent.map((name) => durationOf(headers[name.replace('-remaining-', '-reset-')]))
  const seconds = spent.length === 0 ? undefined : numberOf(headers['ratelimit-reset'])
  const epoch = numberOf(headers['x-ratelimit-reset'])
  if (seconds !== undefined) waits.push(seconds * 1000)
  if (epoch !== undefined && epoch > now) waits.push(epoch - now)
  const known = waits.filter((wait) => wait !== undefined)
  return known.length === 0 ? undefined : Math.min(Math.max(...known), maxWaitMs)
}

const remaining = /^x-ratelimit-remaining-[a-z]+$/

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `2m59.5s`, `20ms`, `1h`; undefined for anything else. */
function durationOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(header)) return undefined
  return [...header.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (total, [, amount, unit]) => total + Number(amount) * (unitMs[unit ?? ''] ?? 0),
    0,
  )
}

/** The wait that an upstream's sentence asks for (`try again in 1.5s`, `retry in 20ms`), in ms. */
export function readRetryText(sentence: string): number | undefined {
  const [, found] = /(?:try again|retry) in ((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)/i.exec(sentence) ?? []
  const wait = durationOf(found)
  return wait === undefined ? undefined : Math.min(wait, maxWaitMs)
}

function numberOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\s*\d+(?:\.\d+)?\s*$/.test(header)) return undefined
  return Number(header)
}
