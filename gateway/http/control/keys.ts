import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StoredKey } from '../../access/stored-key.ts'
import { KeyChangeSchema, type KeyView, NewKeySchema } from '../../contract/keys.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'
import { readControlKey } from './key-draft.ts'

/** `/api/keys`: list, make, change, renew, delete. The secret of a key is in the answer that makes it and nowhere else. */
export function controlKeyRoutes(
  dependencies: Pick<HttpDependencies, 'keys' | 'budgets' | 'now' | 'config'>,
): RouteGroup {
  const { keys, now, config } = dependencies
  const rules = () => config().budgets.keyRules
  const readNewKey = bodyReaderFor(NewKeySchema)
  const readChange = bodyReaderFor(KeyChangeSchema)
  const view = (key: StoredKey): KeyView => keyView(key, dependencies)

  const list = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, { keys: keys.list().map(view) })

  const create = async (request: FastifyRequest, reply: FastifyReply) => {
    const { key, stored } = await keys.create(readControlKey(readNewKey(request.body), now(), false, rules()))
    return sendJson(reply, { key, view: view(stored) })
  }
  const change = async (request: FastifyRequest, reply: FastifyReply) => {
    const draft = readControlKey(readChange(request.body), now(), true, rules())
    return sendJson(reply, view(found(await keys.update(idOf(request), draft))))
  }
  const setBlocked = (blocked: boolean) => async (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, view(found(await keys.update(idOf(request), { blocked }))))

  const regenerate = async (request: FastifyRequest, reply: FastifyReply) => {
    const { key, stored } = found(await keys.regenerate(idOf(request), {}))
    return sendJson(reply, { key, view: view(stored) })
  }
  const remove = async (request: FastifyRequest, reply: FastifyReply) => {
    const id = idOf(request)
    found((await keys.delete(id)) ? id : undefined)
    return sendJson(reply, { deleted: id })
  }
  const one = `${controlRoutes.keys}/:id`
  return [
    { methods: ['GET'], path: controlRoutes.keys, access: 'control-read', handler: list },
    { methods: ['POST'], path: controlRoutes.keys, access: 'control', handler: create },
    { methods: ['PATCH'], path: one, access: 'control', handler: change },
    { methods: ['DELETE'], path: one, access: 'control', handler: remove },
    { methods: ['POST'], path: `${one}/block`, access: 'control', handler: setBlocked(true) },
    { methods: ['POST'], path: `${one}/unblock`, access: 'control', handler: setBlocked(false) },
    { methods: ['POST'], path: `${one}/regenerate`, access: 'control', handler: regenerate },
  ]
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id
}

function found<Found>(key: Found | undefined): Found {
  if (key !== undefined) return key
  throw new GatewayError('not_found', 'There is no key with this id; GET /api/keys lists them.')
}

function keyView(key: StoredKey, { budgets }: Pick<HttpDependencies, 'budgets'>): KeyView {
  const { id, alias, kind, name, models, createdAt, expiresAt, blocked, settings } = key
  const { metadata: _, maxBudgetNanoUsd, budgetDuration, modelBudgets, tags, aliases, ...labels } = settings
  const spend = budgets.of(key)
  const byModel = Object.entries(modelBudgets).map(([model, { maxNanoUsd, duration }]) => {
    const own = spend.models[model] ?? { spent: 0, resetsAt: undefined }
    return [model, { maxNanoUsd, duration, spentNanoUsd: own.spent, resetsAt: own.resetsAt ?? null }] as const
  })
  return {
    ...labels,
    id,
    alias,
    kind,
    name,
    models: [...models],
    createdAt,
    expiresAt,
    blocked,
    tags: [...tags],
    aliases: { ...aliases },
    allowedRoutes: [...labels.allowedRoutes],
    budget: {
      maxNanoUsd: maxBudgetNanoUsd,
      duration: budgetDuration,
      spentNanoUsd: spend.spent,
      resetsAt: spend.resetsAt ?? null,
    },
    modelBudgets: Object.fromEntries(byModel),
  }
}
