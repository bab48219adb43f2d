import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/network`: hosts and how they are reached, tunnels, and what to do about those that are off. */
export function networkRoutes({ network }: Pick<HttpDependencies, 'network'>): RouteGroup {
  const handler = async (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, await network())
  return [{ methods: ['GET'], path: controlRoutes.network, access: 'control-read', handler }]
}
