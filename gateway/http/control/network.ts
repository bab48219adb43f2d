import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/**
 * `GET /api/network`: hosts and how they are reached, tunnels, and what to do about those that are off. `GET /api/gpus`: the
 * GPUs of this machine.
 */
export function networkRoutes({ network, gpus }: Pick<HttpDependencies, 'network' | 'gpus'>): RouteGroup {
  const gives = (read: () => Promise<unknown>) => async (_request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, await read())
  return [
    { methods: ['GET'], path: controlRoutes.network, access: 'control-read', handler: gives(network) },
    { methods: ['GET'], path: controlRoutes.gpus, access: 'control-read', handler: gives(gpus) },
  ]
}
