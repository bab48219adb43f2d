import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashKey } from '../../access/key-secret.ts'
import type { KeyStore } from '../../access/key-store.ts'
import type { StoredKey } from '../../access/stored-key.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { readJsonBody } from '../llm/read-json-body.ts'
import { queryText, readCount } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'
import { readKeyRequest, readNames } from './key-request.ts'

/** `/key/*` in LiteLLM's shapes, as far as this version goes: no budgets, no limits. */
export function keyRoutes({ keys, now }: Pick<HttpDependencies, 'keys' | 'now'>): RouteGroup {
  const generate = async (request: FastifyRequest, reply: FastifyReply) => {
    const { key, stored } = await keys.create(readKeyRequest(readJsonBody(request.body).json, now()))
    return sendJson(reply, { key, token: stored.hash, token_id: stored.hash, ...describe(stored) })
  }
  const info = (request: FastifyRequest, reply: FastifyReply) => {
    const stored = askedKey(request, keys)
    return sendJson(reply, { key: stored.hash, info: describe(stored) })
  }
  const list = (request: FastifyRequest, reply: FastifyReply) => sendJson(reply, listPage(request, keys.list()))

  const remove = async (request: FastifyRequest, reply: FastifyReply) => {
    const { json } = readJsonBody(request.body)
    const named = readNames(json, 'keys')
    const aliases = readNames(json, 'key_aliases')
    const found = [
      ...named.map((name) => requireKey(keys.find(toHash(name)))),
      ...aliases.map((alias) => requireKey(keys.list().find((key) => key.alias === alias))),
    ]
    if (found.length === 0) {
      throw new GatewayError('missing_field', 'Name what to delete in keys or key_aliases.', { param: 'keys' })
    }
    for (const key of found) await keys.delete(key.hash)
    return sendJson(reply, { deleted_keys: found.map((key) => key.hash) })
  }
  return [
    { methods: ['POST'], path: '/key/generate', access: 'admin', handler: generate },
    { methods: ['GET'], path: '/key/info', access: 'any', handler: info },
    { methods: ['GET'], path: '/key/list', access: 'admin', handler: list },
    { methods: ['POST'], path: '/key/delete', access: 'admin', handler: remove },
  ]
}

/** The key named in the query, or the caller's own; a virtual key sees only itself. */
function askedKey(request: FastifyRequest, keys: KeyStore): StoredKey {
  const asked = queryText(request, 'key')
  const own = request.identity?.keyId ?? ''
  const hash = asked === undefined ? own : toHash(asked)
  if (request.identity?.kind === 'virtual' && hash !== own) {
    throw new GatewayError('not_allowed', 'A virtual key may read its own info only; leave `key` out.')
  }
  return requireKey(keys.find(hash))
}

function requireKey(key: StoredKey | undefined): StoredKey {
  if (key !== undefined) return key
  throw new GatewayError(
    'not_found',
    'There is no such key. GET /key/list shows them; the master key is not one of them.',
  )
}

/** A key is named by itself or by its hash. */
function toHash(name: string): string {
  return /^[0-9a-f]{64}$/u.test(name) ? name : hashKey(name)
}

function listPage(request: FastifyRequest, all: readonly StoredKey[]) {
  const page = readCount(request, 'page', { fallback: 1, least: 1, most: 1_000_000 })
  const size = readCount(request, 'size', { fallback: 10, least: 1, most: 1000 })
  const alias = queryText(request, 'key_alias')
  const matching = all.filter((key) => alias === undefined || key.alias === alias)
  const shown = matching.slice((page - 1) * size, page * size)
  const isFull = queryText(request, 'return_full_object') === 'true'
  return {
    keys: isFull ? shown.map((key) => ({ token: key.hash, ...describe(key) })) : shown.map((key) => key.hash),
    total_count: matching.length,
    current_page: page,
    total_pages: Math.ceil(matching.length / size),
  }
}

function describe(key: StoredKey) {
  return {
    key_name: key.name,
    key_alias: key.alias,
    key_type: key.kind === 'management' ? 'management' : 'llm_api',
    models: key.models,
    blocked: key.blocked,
    expires: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
    created_at: new Date(key.createdAt).toISOString(),
  }
}
