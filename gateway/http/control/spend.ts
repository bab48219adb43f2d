import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryParameters } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/spend?by=&since=&until=&limit=`: the report's own reader judges the query. */
export function spendRoutes({ reports }: Pick<HttpDependencies, 'reports'>): RouteGroup {
  const handler = async (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, await reports.spendReport(queryParameters(request)))
  return [{ methods: ['GET'], path: controlRoutes.spend, access: 'control-read', handler }]
}
