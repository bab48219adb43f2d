import { type RequestQuery, RequestQuerySchema } from '../contract/requests.ts'
import { GatewayError } from '../model/errors.ts'
import { tiers } from '../model/tier.ts'
import { invalidParameter, type QueryParameters, readCount, readText } from './query-parameters.ts'

/** A query with everything that has a default. */
export type ReadRequestQuery = RequestQuery & { readonly limit: number }

const names = Object.keys(RequestQuerySchema.properties)
const exact = ['model', 'router', 'agent', 'key', 'cursor'] as const
const moment = { least: 0, most: Number.MAX_SAFE_INTEGER }
const longest = 300

/**
 * Reads the query of `GET /api/requests`. Throws GatewayError `unsupported_field` for a parameter that is none, and
 * `invalid_field` naming the parameter, what is wanted and what was seen.
 */
export function readRequestQuery(query: QueryParameters): ReadRequestQuery {
  const unknown = Object.keys(query).filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    const shown = unknown.map((name) => name.slice(0, 80)).join(', ')
    const message = `Not known here: ${shown}. The list takes ${names.join(', ')}.`
    throw new GatewayError('unsupported_field', message, { param: unknown[0]?.slice(0, 80) ?? '' })
  }
  const counts = (['before', 'since', 'until'] as const).map((name) => [name, readCount(query, name, moment)] as const)
  const texts = [...exact, 'text' as const].map((name) => [name, readShort(query, name)] as const)
  const given = [...counts, ...texts, ['tier', readTier(query)] as const, ['status', readStatus(query)] as const]
  return {
    limit: readCount(query, 'limit', { least: 1, most: 1000 }) ?? 100,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  }
}

/** True when the newest rows as they are suffice: an index finds them at once. */
export function isPlain({ limit: _limit, before: _before, ...rest }: ReadRequestQuery): boolean {
  return Object.keys(rest).length === 0
}

function readShort(query: QueryParameters, name: string): string | undefined {
  const text = readText(query, name)
  if (text === undefined || text.length <= longest) return text
  throw invalidParameter(name, `a text of at most ${longest} characters`, `${text.length} characters`)
}

function readTier(query: QueryParameters): string | undefined {
  const text = readText(query, 'tier')?.toUpperCase()
  if (text === undefined || text === 'DIRECT' || tiers.some((tier) => tier === text)) return text
  throw invalidParameter('tier', `one of ${tiers.join(', ')}, DIRECT`, JSON.stringify(text.slice(0, 80)))
}

function readStatus(query: QueryParameters): string | undefined {
  const text = readText(query, 'status')
  if (text === undefined || text === 'ok' || text === 'failed' || /^[1-5]\d\d$/u.test(text)) return text
  throw invalidParameter('status', 'ok, failed, or a status such as 429', JSON.stringify(text.slice(0, 80)))
}
