import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryText } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/spend?by=&since=&until=`: made in the worker, which also judges the query. */
export function spendRoutes({ reports }: Pick<HttpDependencies, 'reports'>): RouteGroup {
  const handler = async (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(
      reply,
      await reports.spendReport({
        by: queryText(request, 'by'),
        since: queryText(request, 'since'),
        until: queryText(request, 'until'),
      }),
    )
  return [{ methods: ['GET'], path: '/api/spend', access: 'control-read', handler }]
}
