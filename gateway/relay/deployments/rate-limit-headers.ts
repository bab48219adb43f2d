import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { type DayRule, dayAt } from './day-window.ts'

/** One limit as an upstream told it. */
export interface HeaderLimit {
  /** What is counted: `requests`, `tokens`, `input tokens`, `output tokens`. */
  readonly unit: string
  /** `second` … `month`, where it is named. */
  readonly window: string | undefined
  readonly limit: number | undefined
  readonly remaining: number
  /** ms since the epoch. */
  readonly resetsAt: number | undefined
}

const windows = ['second', 'minute', 'hour', 'day', 'month'] as const
const family = /^(?:x-|anthropic-)?ratelimit(bysize)?-(.+)$/

interface Parts {
  limit?: number
  remaining?: number
  reset?: string
}

/**
 * Reads the limits of an answer's head, whichever family they are of: `x-ratelimit-remaining-requests` with resets as
 * durations (OpenAI, Groq, Together, xAI), `anthropic-ratelimit-input-tokens-remaining` with RFC 3339 times and
 * `anthropic-ratelimit-unified-*` in seconds since the epoch, `x-ratelimit-remaining-minute` with one `ratelimit-reset`
 * (Kong, as SAIA has it), `x-ratelimit-remaining-tokens-minute` (Cerebras, Mistral), `x-ratelimitbysize-*` (Mistral) and
 * the bare `x-ratelimit-remaining` (OpenRouter, GitHub). The name's words tell, in whatever order. Pure; never throws.
 */
export function readRateLimits(headers: UpstreamHeaders, now: number, day: DayRule): readonly HeaderLimit[] {
  const found = new Map<string, Parts>()
  for (const name in headers) {
    const match = family.exec(name)
    const value = textOf(headers[name])
    if (match !== null && value !== undefined) note(found, match[2] ?? '', match[1] !== undefined, value)
  }
  const bare = found.get('requests|')?.reset
  const shortest = windows.find((window) => found.get(`requests|${window}`)?.remaining !== undefined)
  const limits: HeaderLimit[] = []
  for (const [key, { limit, remaining, reset }] of found) {
    if (remaining === undefined) continue
    const [unit = '', window = ''] = key.split('|')
    // Kong's one reset is that of its shortest window.
    const written = reset ?? (window !== '' && window === shortest ? bare : undefined)
    const resetsAt = (written === undefined ? undefined : instantOf(written, now)) ?? calendarEnd(window, now, day)
    limits.push({ unit, window: window === '' ? undefined : window, limit, remaining, resetsAt })
  }
  return limits
}

function note(found: Map<string, Parts>, words: string, bySize: boolean, value: string): void {
  if (words.startsWith('unified')) {
    noteUnified(found, words, value)
    return
  }
  const role = /(?:^|-)(limit|remaining|reset)(?:-|$)/.exec(words)?.[1]
  if (role === undefined) return
  const rest = words.split('-').filter((word) => word !== role)
  const window = windows.find((name) => rest.includes(name)) ?? ''
  const unit = unitOf(rest, bySize)
  if (unit === undefined) return
  const key = `${unit}|${window}`
  const parts = found.get(key) ?? {}
  found.set(key, parts)
  if (role === 'reset') parts.reset = value
  else if (/^\d+(?:\.\d+)?/.test(value)) parts[role as 'limit' | 'remaining'] = Number.parseFloat(value)
}

/** Anthropic's plans tell a state, no numbers: `anthropic-ratelimit-unified-5h-status: rejected`. */
function noteUnified(found: Map<string, Parts>, words: string, value: string): void {
  const [, window, role] = /^unified(?:-(\w+))?-(status|reset)$/.exec(words) ?? []
  if (role === undefined) return
  const key = `plan use|${window ?? ''}`
  const parts = found.get(key) ?? {}
  found.set(key, parts)
  if (role === 'reset') parts.reset = value
  else parts.remaining = value === 'rejected' ? 0 : 1
}

/** Undefined = words that we do not know: nothing is read into them. */
function unitOf(words: readonly string[], bySize: boolean): string | undefined {
  const known = words.filter((word) => !(windows as readonly string[]).includes(word)).join(' ')
  if (known === '') return bySize ? 'tokens' : 'requests'
  if (known === 'req') return 'requests'
  return ['requests', 'tokens', 'input tokens', 'output tokens'].includes(known) ? known : undefined
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration, seconds, seconds or ms since the epoch, or a date. */
function instantOf(value: string, now: number): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(value)) {
    const number = Number(value)
    if (number > 1e11) return number
    return number > 1e9 ? number * 1000 : now + number * 1000
  }
  if (/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(value)) {
    const parts = value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)
    return [...parts].reduce((at, [, amount, unit]) => at + Number(amount) * (unitMs[unit ?? ''] ?? 0), now)
  }
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : date
}

/** The end of a window that begins with the clock. */
function calendarEnd(window: string, now: number, day: DayRule): number | undefined {
  const length = { second: 1_000, minute: 60_000, hour: 3_600_000 }[window]
  if (length !== undefined) return (Math.floor(now / length) + 1) * length
  if (window === 'day') return dayAt(now, day).endsAt
  if (window !== 'month') return undefined
  const today = new Date(now)
  return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1)
}

function textOf(value: string | string[] | undefined): string | undefined {
  return (Array.isArray(value) ? value[0] : value)?.trim()
}
