import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashKey } from '../../access/key-secret.ts'
import { type LiteView, liteViews } from '../../ledger/lite-spend-query.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJsonText } from '../json-reply.ts'
import { queryParameters } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /spend/logs` and LiteLLM's other spend reports in its shapes; the worker makes the JSON and judges the query. */
export function spendLogRoutes({
  reports,
  masterKey,
  now,
}: Pick<HttpDependencies, 'reports' | 'masterKey' | 'now'>): RouteGroup {
  /** The ledger knows keys by their hashes, and the master key by its name. */
  const keyId = (key: string): string => {
    if (key === masterKey()?.secret.reveal()) return 'master'
    return key.startsWith('sk-') ? hashKey(key) : key
  }
  const named = (request: FastifyRequest) => {
    const query = queryParameters(request)
    return query.api_key === undefined || query.api_key === '' ? query : { ...query, api_key: keyId(query.api_key) }
  }
  const logs = async (request: FastifyRequest, reply: FastifyReply) =>
    sendJsonText(reply, await reports.spendLogs(named(request)))
  const lite = (view: LiteView) => async (request: FastifyRequest, reply: FastifyReply) =>
    sendJsonText(reply, await reports.liteSpend(view, named(request), now()))
  return [
    { methods: ['GET'], path: '/spend/logs', access: 'admin', handler: logs },
    ...liteViews.map((view) => ({ methods: ['GET'], path: `/${view}`, access: 'admin', handler: lite(view) }) as const),
  ]
}
