import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/**
 * `GET /api/backends`: local servers, what they are, how they are and what they have. `POST /api/backends/refresh` asks all
 * of them and the paths to them first; it changes nothing, so whoever may read may ask.
 */
export function backendRoutes({
  backends,
  refreshBackends,
}: Pick<HttpDependencies, 'backends' | 'refreshBackends'>): RouteGroup {
  const list = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, backends())
  const refresh = async (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, await refreshBackends())
  return [
    { methods: ['GET'], path: controlRoutes.backends, access: 'control-read', handler: list },
    { methods: ['POST'], path: controlRoutes.refreshBackends, access: 'control-read', handler: refresh },
  ]
}
