import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyStore } from '../../access/key-store.ts'
import type { StoredKey } from '../../access/stored-key.ts'
import { type KeyView, NewKeySchema } from '../../contract/keys.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { GatewayError } from '../../model/errors.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

/** `/api/keys`: list, make, delete. The secret of a key is in the answer that makes it and nowhere else. */
export function controlKeyRoutes({ keys }: { readonly keys: KeyStore }): RouteGroup {
  const readNewKey = bodyReaderFor(NewKeySchema)

  const list = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, { keys: keys.list().map(keyView) })

  const create = async (request: FastifyRequest, reply: FastifyReply) => {
    const { alias, kind, models, lifetimeSeconds } = readNewKey(request.body)
    const lifetimeMs = lifetimeSeconds === undefined ? undefined : lifetimeSeconds * 1000
    const { key, stored } = await keys.create({ alias, kind, models, lifetimeMs })
    return sendJson(reply, { key, view: keyView(stored) })
  }
  const remove = async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = request.params as { readonly id: string }
    if (await keys.delete(id)) return sendJson(reply, { deleted: id })
    throw new GatewayError('not_found', 'There is no key with this id; GET /api/keys lists them.')
  }
  return [
    { methods: ['GET'], path: controlRoutes.keys, access: 'control-read', handler: list },
    { methods: ['POST'], path: controlRoutes.keys, access: 'control', handler: create },
    { methods: ['DELETE'], path: `${controlRoutes.keys}/:id`, access: 'control', handler: remove },
  ]
}

function keyView(key: StoredKey): KeyView {
  const { hash, alias, kind, name, models, createdAt, expiresAt, blocked } = key
  return { id: hash, alias, kind, name, models: [...models], createdAt, expiresAt, blocked }
}
