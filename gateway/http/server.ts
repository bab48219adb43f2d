import Fastify, { type FastifyInstance } from 'fastify'
import { adminRoutes } from './admin/admin-routes.ts'
import { createBodyReader } from './body-reader.ts'
import { answerClientError } from './client-error.ts'
import { controlRoutesOf } from './control/control-routes.ts'
import { createEventHub } from './control/event-hub.ts'
import { createRouterViews } from './control/routers.ts'
import { createErrorReply } from './error-reply.ts'
import { createGate, type Gate } from './gate.ts'
import { isLoopbackName } from './host-name.ts'
import type { HttpDependencies } from './http-dependencies.ts'
import { ListenError } from './listen-error.ts'
import { chatRoutes } from './llm/chat-route.ts'
import { completionsRoutes } from './llm/completions-route.ts'
import { modelRoutes } from './llm/models-route.ts'
import { endpointRoutes } from './llm/endpoint-routes.ts'
import { fileRoutes } from './llm/file-routes.ts'
import { geminiRoutes } from './llm/gemini-route.ts'
import { messagesRoutes } from './llm/messages-route.ts'
import { responsesRoutes } from './llm/responses-route.ts'
import { unheldRoutes } from './llm/unheld-routes.ts'
import { refuseUnknown } from './not-found.ts'
import { openRoutes } from './open-routes.ts'
import { openApiRoutes } from './openapi.ts'
import { registerRoutes, type RouteGroup } from './route-registry.ts'
import { uiRoutes } from './ui-routes.ts'

export interface HttpServer {
  readonly app: FastifyInstance
  /** Port 0 takes any free one. @throws ListenError */
  listen(place: {
    readonly host: string
    readonly port: number
  }): Promise<{ readonly url: string; readonly port: number }>
  /**
   * Refuses new LLM requests, lets running ones end for at most `graceMs`, ends the event streams, closes every connection.
   * Safe to call twice.
   */
  close(graceMs: number): Promise<void>
}

/** Assembles the HTTP side: nothing is loaded by convention, every route is named below. */
export async function createHttpServer(dependencies: HttpDependencies): Promise<HttpServer> {
  const state = { boundWider: false, draining: false }
  const app = createApp(dependencies)
  const gate = createGate(dependencies, {
    boundWider: () => state.boundWider,
    draining: () => state.draining,
  })
  await addRoutes(app, gate, { ...dependencies, draining: () => state.draining })
  await app.ready()
  let closing: Promise<void> | undefined

  return {
    app,
    async listen({ host, port }) {
      state.boundWider = !isLoopbackName(host)
      try {
        await app.listen({ host, port })
      } catch (thrown) {
        throw new ListenError(host, port, (thrown as NodeJS.ErrnoException).code, thrown)
      }
      const actual = portOf(app)
      return { url: `http://${urlHost(host)}:${actual}`, port: actual }
    },
    close(graceMs) {
      closing ??= closeServer(app, dependencies, graceMs, state)
      return closing
    },
  }
}

async function closeServer(
  app: FastifyInstance,
  { relay }: HttpDependencies,
  graceMs: number,
  state: { draining: boolean },
): Promise<void> {
  state.draining = true
  await relay.drain(graceMs)
  // What the relay has ended may still be on its way out; a client that does not read gets a second, not for ever.
  const deadline = setTimeout(() => app.server.closeAllConnections(), 1000).unref()
  await app.close()
  clearTimeout(deadline)
}

function createApp({ config, logger, now, receiveTimeouts }: HttpDependencies): FastifyInstance {
  const app = Fastify({
    logger: false,
    keepAliveTimeout: 75_000,
    // Only the arrival of the request is limited; an answer may take as long as its deadlines allow.
    requestTimeout: receiveTimeouts?.requestMs ?? 300_000,
    http: {
      maxHeaderSize: 64 * 1024,
      headersTimeout: receiveTimeouts?.headersMs ?? 60_000,
      connectionsCheckingInterval: receiveTimeouts?.checkEveryMs ?? 10_000,
    },
    // The body reader has the limit that counts, which may change with the configuration.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2000 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply)
    },
  })
  const answerError = createErrorReply({ logger, now })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.removeAllContentTypeParsers()
  const readBody = createBodyReader(() => config().signalbox.bodyLimitBytes)
  // The usual type by its name as well: Fastify looks such a parser up, while `*` makes it read the type each time.
  app.addContentTypeParser(['application/json', '*'], readBody)
  app.decorateRequest('identity', null)
  app.decorateRequest('startedAt', 0)
  app.decorateRequest('startedMonotonic', 0)
  return app
}

interface RouteDependencies extends HttpDependencies {
  readonly draining: () => boolean
}

async function addRoutes(app: FastifyInstance, gate: Gate, dependencies: RouteDependencies): Promise<void> {
  const routers = createRouterViews(dependencies)
  const hub = createEventHub({ ...dependencies, routers })
  // An open event stream would keep the server from closing.
  app.addHook('preClose', (done) => {
    hub.close()
    done()
  })
  const described: RouteGroup = [
    ...openRoutes(dependencies),
    ...chatRoutes(dependencies),
    ...completionsRoutes(dependencies),
    ...responsesRoutes(dependencies),
    ...messagesRoutes(dependencies),
    ...geminiRoutes(dependencies),
    ...endpointRoutes(dependencies),
    ...fileRoutes(dependencies),
    ...modelRoutes(dependencies),
    ...unheldRoutes(),
    ...adminRoutes(dependencies),
    ...controlRoutesOf(dependencies, hub, routers),
    ...(await uiRoutes(app, dependencies.uiDirectory)),
  ]
  const routes = [...described, ...openApiRoutes(dependencies.version, described)]
  // A request without a route is refused before its body is read, and not told anything a foreign page may not know.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) done(gate.judge(request, 'open') ?? refuseUnknown(request, reply, known))
    else done()
  })
  const known = registerRoutes(app, gate, routes)
  // Reached only from inside a route: a file of the interface that is not there.
  app.setNotFoundHandler((request, reply) => {
    throw refuseUnknown(request, reply, known)
  })
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The host of the URL that clients on this machine use. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
