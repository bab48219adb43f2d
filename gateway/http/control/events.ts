import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import type { RouteGroup } from '../route-registry.ts'
import type { EventHub } from './event-hub.ts'

/** `GET /api/events`: the stream of contract/events.ts. */
export function eventRoutes(hub: EventHub): RouteGroup {
  const handler = (_request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack()
    void hub.add(reply.raw)
  }
  return [{ methods: ['GET'], path: controlRoutes.events, access: 'control-read', handler }]
}
