import type { FastifyReply, FastifyRequest } from 'fastify'
import { uiPath } from '../contract/routes.ts'
import { GatewayError } from '../model/errors.ts'
import type { HttpDependencies } from './http-dependencies.ts'
import { sendJson } from './json-reply.ts'
import type { RouteGroup } from './route-registry.ts'

interface OpenDependencies extends Pick<HttpDependencies, 'version'> {
  /** True once the gateway takes no new model requests. */
  readonly draining: () => boolean
}

/** What anybody on an allowed host may ask without a key: is somebody there. Nothing here tells of models, keys or spend. */
export function openRoutes({ version, draining }: OpenDependencies): RouteGroup {
  const root = (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, {
      name: 'Signalbox',
      version,
      message: `The gateway is running. Clients use ${baseUrl(request)}/v1; the interface is at ${uiPath}.`,
      ui: uiPath,
    })
  const hello = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, { ok: true })
  const alive = (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, "I'm alive!")
  const ready = (_request: FastifyRequest, reply: FastifyReply) => {
    if (draining()) throw new GatewayError('shutting_down', 'The gateway is stopping and takes no new requests.')
    return sendJson(reply, readiness(version))
  }
  const get = ['GET', 'HEAD'] as const
  return [
    { methods: get, path: '/', access: 'open', handler: root },
    { methods: get, path: '/api/hello', access: 'open', handler: hello },
    { methods: get, path: '/health/liveliness', access: 'open', handler: alive },
    { methods: get, path: '/health/liveness', access: 'open', handler: alive },
    { methods: get, path: '/health/readiness', access: 'open', handler: ready },
  ]
}

/** LiteLLM's shape, which Docker health checks read. The database is ours and part of the process. */
function readiness(version: string) {
  return {
    status: 'healthy',
    db: 'connected',
    cache: null,
    litellm_version: null,
    signalbox_version: version,
    success_callbacks: [],
    use_aiohttp_transport: false,
    log_level: 'INFO',
    is_detailed_debug: false,
  }
}

/** The Host was judged before: it is a name of this machine. */
function baseUrl(request: FastifyRequest): string {
  return `http://${request.raw.headers.host ?? '127.0.0.1'}`
}
