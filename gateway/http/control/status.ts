import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/status`. */
export function statusRoutes({ status }: Pick<HttpDependencies, 'status'>): RouteGroup {
  const handler = async (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, await status())
  return [{ methods: ['GET'], path: controlRoutes.status, access: 'control-read', handler }]
}
