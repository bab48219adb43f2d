import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../model/errors.ts'

/** A parameter of the query; the first one when it is repeated, undefined when absent or empty. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name]
  const text = Array.isArray(value) ? value[0] : value
  return text === undefined || text === '' ? undefined : text
}

/** A whole number from the query. @throws GatewayError `invalid_field` when it is none or out of range */
export function readCount(
  request: FastifyRequest,
  name: string,
  range: { readonly fallback: number; readonly least: number; readonly most: number },
): number {
  const text = queryText(request, name)
  if (text === undefined) return range.fallback
  const count = Number(text)
  if (/^\d+$/u.test(text) && count >= range.least && count <= range.most) return count
  throw new GatewayError('invalid_field', `${name} must be a whole number from ${range.least} to ${range.most}.`, {
    param: name,
  })
}

/** The whole query, the first value of each name: for readers that check it themselves. */
export function queryParameters(request: FastifyRequest): Readonly<Record<string, string>> {
  const names = Object.keys(request.query as object)
  return Object.fromEntries(names.map((name) => [name, queryText(request, name) ?? '']))
}
