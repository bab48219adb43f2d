import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AuditList, AuditListSchema } from '../../contract/audit.ts'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryText, readCount } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/audit`: who changed what, newest first. */
export function auditRoutes({ auditEvents }: Pick<HttpDependencies, 'auditEvents'>): RouteGroup {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const limit = readCount(request, 'limit', { fallback: 100, least: 1, most: 1_000 })
    const last = Number.MAX_SAFE_INTEGER
    const before =
      queryText(request, 'before') === undefined
        ? undefined
        : readCount(request, 'before', { fallback: last, least: 0, most: last })
    const list: AuditList = { events: [...(await auditEvents(limit, before))] }
    return sendJson(reply, list)
  }
  return [
    {
      methods: ['GET'],
      path: controlRoutes.audit,
      access: 'control-read',
      handler,
      documentation: {
        summary: 'Changes of keys, config, switches and cache, newest first',
        answer: AuditListSchema,
      },
    },
  ]
}
