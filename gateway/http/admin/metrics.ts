import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpDependencies } from '../http-dependencies.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /metrics` in Prometheus' text format, for a management key or the master key. */
export function metricsRoutes({ metrics }: Pick<HttpDependencies, 'metrics'>): RouteGroup {
  const handler = async (_request: FastifyRequest, reply: FastifyReply) => {
    const { contentType, text } = await metrics()
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(text)
  }
  return [{ methods: ['GET'], path: '/metrics', access: 'admin', handler }]
}
