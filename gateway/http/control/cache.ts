import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CacheView } from '../../contract/cache.ts'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `/api/cache`: what is kept, and the way to delete all of it. */
export function controlCacheRoutes({ cache, config }: Pick<HttpDependencies, 'cache' | 'config'>): RouteGroup {
  const show = async (_request: FastifyRequest, reply: FastifyReply) => {
    const { enabled, coalesce, maxBytes } = config().signalbox.cache
    const size = enabled ? await cache.size() : { answers: 0, bytes: 0 }
    return sendJson(reply, { enabled, coalesce, ...size, maxBytes } satisfies CacheView)
  }
  const clear = async (_request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, { deleted: await cache.clear() })
  return [
    { methods: ['GET'], path: controlRoutes.cache, access: 'control-read', handler: show },
    { methods: ['DELETE'], path: controlRoutes.cache, access: 'control', handler: clear },
  ]
}
