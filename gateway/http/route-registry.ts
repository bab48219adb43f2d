import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { actAs } from '../access/acting-identity.ts'
import type { AccessClass } from '../access/identity.ts'
import { nearestName } from '../config/source/nearest-name.ts'
import type { Gate } from './gate.ts'

/** What `/openapi.json` says of a route, from the schemas that check it. */
export interface RouteDocumentation {
  readonly summary: string
  readonly body?: object
  readonly answer?: object
}

export interface RouteDefinition {
  readonly methods: readonly HTTPMethods[]
  /** A path with `:name` parts and at most one `*` at its end. */
  readonly path: string
  readonly access: AccessClass
  /** True where a form (`multipart/form-data`) is taken beside JSON; see judgeRequest. */
  readonly upload?: boolean
  readonly documentation?: RouteDocumentation
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown
}

/** Routes that belong together, made from what they depend on. */
export type RouteGroup = readonly RouteDefinition[]

export interface KnownRoutes {
  /** Methods that some route takes for this path; empty when the path is unknown. */
  methodsFor(path: string): readonly string[]
  /** The known path most like this one. */
  nearestTo(path: string): string | undefined
}

/** The only way to a route: none can be without its access class, and so none without a guard. */
export function registerRoutes(app: FastifyInstance, gate: Gate, routes: RouteGroup): KnownRoutes {
  for (const route of routes) {
    app.route({
      method: [...route.methods],
      url: route.path,
      exposeHeadRoute: false,
      onRequest: gate.hookFor(route.access, route.upload ?? false),
      handler: changes(route) ? attributed(route.handler) : route.handler,
    })
  }
  const patterns = routes.map((route) => ({ route, pattern: toPattern(route.path) }))
  const names = [...new Set(routes.map((route) => route.path))].filter((path) => !path.includes('*'))
  return {
    methodsFor: (path) => [
      ...new Set(patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ route }) => route.methods)),
    ],
    nearestTo: (path) => nearestName(path.slice(0, 100), names),
  }
}

/** True where a person changes something: what happens in such a route is his doing. */
function changes({ access, methods }: RouteDefinition): boolean {
  return (access === 'admin' || access === 'control') && methods.some((method) => method !== 'GET' && method !== 'HEAD')
}

function attributed(handler: RouteDefinition['handler']): RouteDefinition['handler'] {
  return (request, reply) =>
    request.identity === null ? handler(request, reply) : actAs(request.identity, () => handler(request, reply))
}

function toPattern(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => {
      if (part.startsWith(':')) return '[^/]+'
      if (part === '*') return '.*'
      return part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)
    })
    .join('/')
  return new RegExp(`^${source}$`, 'u')
}
