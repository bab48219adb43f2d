import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/backends`: local servers, what they are, how they are and what they have. */
export function backendRoutes({ backends }: Pick<HttpDependencies, 'backends'>): RouteGroup {
  const handler = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, backends())
  return [{ methods: ['GET'], path: controlRoutes.backends, access: 'control-read', handler }]
}
