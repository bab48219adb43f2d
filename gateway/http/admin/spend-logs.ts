import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashKey } from '../../access/key-secret.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJsonText } from '../json-reply.ts'
import { queryText, readCount } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

const texts = ['request_id', 'user_id', 'start_date', 'end_date', 'summarize'] as const

/** `GET /spend/logs` in LiteLLM's shape, newest first; the worker makes the JSON. */
export function spendLogRoutes({ reports }: Pick<HttpDependencies, 'reports'>): RouteGroup {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const key = queryText(request, 'api_key')
    const query: Record<string, string | number> = {
      limit: readCount(request, 'limit', { fallback: 1000, least: 1, most: 100_000 }),
      offset: readCount(request, 'offset', { fallback: 0, least: 0, most: Number.MAX_SAFE_INTEGER }),
    }
    if (key !== undefined) query.api_key = key.startsWith('sk-') ? hashKey(key) : key
    for (const name of texts) {
      const text = queryText(request, name)
      if (text !== undefined) query[name] = text
    }
    return sendJsonText(reply, await reports.spendLogs(query))
  }
  return [{ methods: ['GET'], path: '/spend/logs', access: 'admin', handler }]
}
