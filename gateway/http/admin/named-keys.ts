import type { FastifyRequest } from 'fastify'
import { FieldReader } from '../../access/field-reader.ts'
import { hashKey } from '../../access/key-secret.ts'
import type { KeyStore } from '../../access/key-store.ts'
import type { StoredKey } from '../../access/stored-key.ts'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import { queryText, readCount } from '../query.ts'

/** The key a body or a path names: by itself, its hash or its id. @throws GatewayError `not_found` */
export function requireNamed(keys: KeyStore, name: string): StoredKey {
  return requireKey(findNamed(keys, name))
}

/** The key named in `key` of a body. @throws GatewayError `missing_field`, `invalid_field`, `not_found` */
export function keyInBody(keys: KeyStore, body: JsonObject): StoredKey {
  const name = new FieldReader(body, false, (field) => field).text('key')
  if (typeof name === 'string' && name !== '') return requireNamed(keys, name)
  throw new GatewayError('missing_field', 'Name the key in "key": the key itself or its token from /key/list.', {
    param: 'key',
  })
}

/** The keys named in `keys` or `key_aliases`. @throws GatewayError `missing_field`, `invalid_field`, `not_found` */
export function keysInBody(keys: KeyStore, body: JsonObject): readonly StoredKey[] {
  const read = new FieldReader(body, false, (field) => field)
  const found = [
    ...(read.names('keys') ?? []).map((name) => requireNamed(keys, name)),
    ...(read.names('key_aliases') ?? []).map((alias) => requireKey(keys.list().find((key) => key.alias === alias))),
  ]
  if (found.length > 0) return found
  throw new GatewayError('missing_field', 'Name what to delete in keys or key_aliases.', { param: 'keys' })
}

/** The key named in the query, or the caller's own; a virtual key sees only itself. */
export function keyInQuery(request: FastifyRequest, keys: KeyStore): StoredKey {
  const asked = queryText(request, 'key')
  const own = request.identity?.keyId ?? ''
  const found = asked === undefined ? keys.findById(own) : findNamed(keys, asked)
  if (request.identity?.kind === 'virtual' && found?.id !== own) {
    throw new GatewayError('not_allowed', 'A virtual key may read its own info only; leave `key` out.')
  }
  return requireKey(found)
}

export interface KeyPage {
  readonly shown: readonly StoredKey[]
  readonly total: number
  readonly page: number
  readonly pages: number
}

/** The keys that the query of `/key/list` asks for. */
export function keyPage(request: FastifyRequest, all: readonly StoredKey[]): KeyPage {
  const page = readCount(request, 'page', { fallback: 1, least: 1, most: 1_000_000 })
  const size = readCount(request, 'size', { fallback: 10, least: 1, most: 1000 })
  const alias = queryText(request, 'key_alias')
  const user = queryText(request, 'user_id')
  const team = queryText(request, 'team_id')
  const matching = all.filter(
    ({ alias: own, settings }) =>
      (alias === undefined || own === alias) &&
      (user === undefined || settings.userId === user) &&
      (team === undefined || settings.teamId === team),
  )
  const shown = matching.slice((page - 1) * size, page * size)
  return { shown, total: matching.length, page, pages: Math.ceil(matching.length / size) }
}

function findNamed(keys: KeyStore, name: string): StoredKey | undefined {
  if (!/^[0-9a-f]{64}$/u.test(name)) return keys.find(hashKey(name))
  return keys.find(name) ?? keys.findById(name)
}

function requireKey(key: StoredKey | undefined): StoredKey {
  if (key !== undefined) return key
  throw new GatewayError(
    'not_found',
    'There is no such key. GET /key/list shows them; the master key is not one of them.',
  )
}
