import type { RequestView, Tier } from '../contract.ts'
import { hasFailed } from './request-figures.ts'

/** What the list is narrowed to; an empty word narrows nothing. */
export interface RequestFilter {
  /** Part of a model, agent, error or call id, in any case. */
  readonly text: string
  readonly tier: Tier | 'DIRECT' | ''
  readonly agent: string
  readonly status: 'failed' | ''
  readonly range: RequestRange
}

export type RequestRange = 'all' | 'hour' | 'today' | 'week'

export const noFilter: RequestFilter = { text: '', tier: '', agent: '', status: '', range: 'all' }

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export function isFiltering(filter: RequestFilter): boolean {
  const { text, tier, agent, status, range } = filter
  return text.trim() !== '' || tier !== '' || agent !== '' || status !== '' || range !== 'all'
}

/** From when on requests are wanted, ms since the epoch; undefined = from ever. Whole hours or days, so that it moves seldom. */
export function rangeStart(range: RequestRange, now: number): number | undefined {
  if (range === 'all') return undefined
  if (range === 'hour') return now - hourMs - (now % 60_000)
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  return range === 'today' ? midnight : midnight - 6 * dayMs
}

/** True when a request is one of those wanted. */
export function matchesFilter(request: RequestView, filter: RequestFilter, now: number): boolean {
  const start = rangeStart(filter.range, now)
  if (start !== undefined && request.startedAt < start) return false
  if (filter.tier !== '' && (request.tier ?? 'DIRECT') !== filter.tier) return false
  if (filter.agent !== '' && request.agent !== filter.agent) return false
  if (filter.status === 'failed' && !hasFailed(request)) return false
  const text = filter.text.trim().toLowerCase()
  if (text === '') return true
  const { model, askedModel, agent, errorCode, id } = request
  return [model, askedModel, agent, errorCode, id].some((value) => value?.toLowerCase().includes(text))
}

/** The live requests and older ones as one list, newest first; of one that is in both the live one is the newer. */
export function mergeRequests(live: readonly RequestView[], older: readonly RequestView[]): readonly RequestView[] {
  const known = new Set(live.map(({ id }) => id))
  const rest = older.filter(({ id }) => !known.has(id))
  return [...live, ...rest].toSorted((one, other) => other.startedAt - one.startedAt)
}

/** Every agent that was seen, by name. */
export function agentsOf(requests: readonly RequestView[]): readonly string[] {
  return [...new Set(requests.flatMap(({ agent }) => agent ?? []))].toSorted((one, other) => one.localeCompare(other))
}
