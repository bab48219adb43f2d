import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashKey } from '../../access/key-secret.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJsonText } from '../json-reply.ts'
import { queryParameters } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /spend/logs` in LiteLLM's shape, newest first; the worker makes the JSON and judges the query. */
export function spendLogRoutes({ reports, masterKey }: Pick<HttpDependencies, 'reports' | 'masterKey'>): RouteGroup {
  /** The ledger knows keys by their hashes, and the master key by its name. */
  const keyId = (key: string): string => {
    if (key === masterKey()?.secret.reveal()) return 'master'
    return key.startsWith('sk-') ? hashKey(key) : key
  }
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const query = queryParameters(request)
    const named = query.api_key === undefined ? query : { ...query, api_key: keyId(query.api_key) }
    return sendJsonText(reply, await reports.spendLogs(named))
  }
  return [{ methods: ['GET'], path: '/spend/logs', access: 'admin', handler }]
}
