import type { FastifyReply, FastifyRequest } from 'fastify'
import { readKeyDraft } from '../../access/key-draft.ts'
import { underKeyRules } from '../../access/key-rules.ts'
import type { StoredKey } from '../../access/stored-key.ts'
import { GatewayError } from '../../model/errors.ts'
import { headerText } from '../../model/header-text.ts'
import type { JsonObject } from '../../model/json.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { readJsonBody } from '../llm/read-json-body.ts'
import { queryText } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'
import { litellmKey } from './key-view.ts'
import { keyInBody, keyInQuery, keyPage, keysInBody, requireNamed } from './named-keys.ts'

type KeyDependencies = Pick<HttpDependencies, 'keys' | 'budgets' | 'now' | 'config'>

/** `/key/*` in LiteLLM's shapes (litellm-compat §3.2 and §5). */
export function keyRoutes({ keys, budgets, now, config }: KeyDependencies): RouteGroup {
  const shown = (key: StoredKey) => litellmKey(key, budgets.of(key))
  const made = (reply: FastifyReply, key: string, stored: StoredKey, warnings: readonly string[]) => {
    const { hash } = stored
    return sendWarned(reply, { key, ...shown(stored), token: hash, token_id: hash }, warnings)
  }
  const bodyOf = (request: FastifyRequest): JsonObject => readJsonBody(request.body).json

  const ruled = (body: JsonObject, isChange: boolean): JsonObject =>
    underKeyRules(body, config().budgets.keyRules, { isChange })

  const generate = async (request: FastifyRequest, reply: FastifyReply) => {
    const draft = readKeyDraft(ruled(bodyOf(request), false), { now: now(), isChange: false })
    const { key, stored } = await keys.create(draft)
    return made(reply, key, stored, draft.warnings)
  }
  const update = async (request: FastifyRequest, reply: FastifyReply) => {
    const body = bodyOf(request)
    const found = keyInBody(keys, body)
    const { key: _, ...changes } = body
    const draft = readKeyDraft(ruled(changes, true), { now: now(), isChange: true })
    const stored = present(await keys.update(found.id, draft))
    return sendWarned(reply, { key: stored.hash, ...shown(stored) }, draft.warnings)
  }
  /** The key to renew is named in the path or in `key`; a value of one's own stands in `new_key`. */
  const regenerate = async (request: FastifyRequest, reply: FastifyReply) => {
    const { name } = request.params as { readonly name?: string }
    const body = request.body === undefined || request.body === null ? {} : bodyOf(request)
    const found = name === undefined ? keyInBody(keys, body) : requireNamed(keys, name)
    const { key: _, new_key: wanted, ...changes } = body
    const fields = ruled(changes, true)
    const draft = readKeyDraft(wanted === undefined ? fields : { ...fields, key: wanted }, {
      now: now(),
      isChange: true,
      spelling: (field) => (field === 'key' ? 'new_key' : field),
    })
    const renewed = present(await keys.regenerate(found.id, draft))
    return made(reply, renewed.key, renewed.stored, draft.warnings)
  }
  const setBlocked = (blocked: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    const stored = present(await keys.update(keyInBody(keys, bodyOf(request)).id, { blocked }))
    return sendJson(reply, shown(stored))
  }
  const info = (request: FastifyRequest, reply: FastifyReply) => {
    const stored = keyInQuery(request, keys)
    return sendJson(reply, { key: stored.hash, info: shown(stored) })
  }
  const list = (request: FastifyRequest, reply: FastifyReply) => {
    const { shown: found, total, page, pages } = keyPage(request, keys.list())
    const isFull = queryText(request, 'return_full_object') === 'true'
    const entries = isFull ? found.map(shown) : found.map((key) => key.hash)
    return sendJson(reply, { keys: entries, total_count: total, current_page: page, total_pages: pages })
  }
  const remove = async (request: FastifyRequest, reply: FastifyReply) => {
    const found = keysInBody(keys, bodyOf(request))
    for (const key of found) await keys.delete(key.id)
    return sendJson(reply, { deleted_keys: found.map((key) => key.hash) })
  }
  return [
    { methods: ['POST'], path: '/key/generate', access: 'admin', handler: generate },
    { methods: ['POST'], path: '/key/update', access: 'admin', handler: update },
    { methods: ['POST'], path: '/key/regenerate', access: 'admin', handler: regenerate },
    { methods: ['POST'], path: '/key/:name/regenerate', access: 'admin', handler: regenerate },
    { methods: ['POST'], path: '/key/block', access: 'admin', handler: setBlocked(true) },
    { methods: ['POST'], path: '/key/unblock', access: 'admin', handler: setBlocked(false) },
    { methods: ['POST'], path: '/key/delete', access: 'admin', handler: remove },
    { methods: ['GET'], path: '/key/info', access: 'any', handler: info },
    { methods: ['GET'], path: '/key/list', access: 'admin', handler: list },
  ]
}

/** What had no effect is told twice: scripts look at the body, people see the header. */
function sendWarned(reply: FastifyReply, body: object, warnings: readonly string[]): FastifyReply {
  if (warnings.length > 0) reply.header('x-signalbox-warning', headerText(warnings.join('; ')))
  return sendJson(reply, { ...body, warnings })
}

/** A key that was deleted while it was being changed. */
function present<Found>(found: Found | undefined): Found {
  if (found !== undefined) return found
  throw new GatewayError('not_found', 'This key was deleted in the meantime.')
}
