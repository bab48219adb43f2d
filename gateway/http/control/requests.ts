import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import { requestView } from '../../ledger/request-view.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { readCount } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/requests` and one of them: running ones from memory, finished ones from the ledger. */
export function requestRoutes({ ledger, feed }: Pick<HttpDependencies, 'ledger' | 'feed'>): RouteGroup {
  const list = async (request: FastifyRequest, reply: FastifyReply) => {
    const limit = readCount(request, 'limit', { fallback: 100, least: 1, most: 1000 })
    const before = readCount(request, 'before', { fallback: 0, least: 0, most: Number.MAX_SAFE_INTEGER })
    const records = before === 0 ? await ledger.recent(limit) : await ledger.recent(limit, before)
    return sendJson(reply, { requests: records.map(requestView) })
  }
  const find = async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = request.params as { readonly id: string }
    const record = await ledger.find(id)
    const view = record === undefined ? feed.recent().find((running) => running.id === id) : requestView(record)
    if (view !== undefined) return sendJson(reply, view)
    throw new GatewayError('not_found', 'There is no request with this call id in the ledger.')
  }
  return [
    { methods: ['GET'], path: controlRoutes.requests, access: 'control-read', handler: list },
    { methods: ['GET'], path: `${controlRoutes.requests}/:id`, access: 'control-read', handler: find },
  ]
}
