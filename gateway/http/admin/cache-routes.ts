import type { FastifyReply, FastifyRequest } from 'fastify'
import { FieldReader } from '../../access/field-reader.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { readJsonBody } from '../llm/read-json-body.ts'
import type { RouteGroup } from '../route-registry.ts'

/** LiteLLM's `/cache/*`, as far as it makes sense for a file. */
export function cacheRoutes({ cache, config }: Pick<HttpDependencies, 'cache' | 'config'>): RouteGroup {
  const ping = (_request: FastifyRequest, reply: FastifyReply) => {
    if (!config().signalbox.cache.enabled) {
      const message = 'The cache is off. Set litellm_settings.cache to true in the config to keep answers.'
      throw new GatewayError('backend_unavailable', message)
    }
    return sendJson(reply, { status: 'healthy', cache_type: 'local', ping_response: true })
  }
  const remove = async (request: FastifyRequest, reply: FastifyReply) => {
    const keys = new FieldReader(readJsonBody(request.body).json, false, (field) => field).names('keys') ?? []
    if (keys.length === 0) {
      throw new GatewayError('missing_field', 'Name the answers to delete in keys: see x-litellm-cache-key.', {
        param: 'keys',
      })
    }
    return sendJson(reply, { status: 'success', deleted: await cache.delete(keys) })
  }
  const flush = async (_request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, { status: 'success', deleted: await cache.clear() })
  return [
    { methods: ['GET'], path: '/cache/ping', access: 'admin', handler: ping },
    { methods: ['POST'], path: '/cache/delete', access: 'admin', handler: remove },
    { methods: ['POST'], path: '/cache/flushall', access: 'admin', handler: flush },
  ]
}
