import type { FastifyReply, FastifyRequest } from 'fastify'
import { GatewayError } from '../model/errors.ts'
import { pathOf } from './request-path.ts'
import type { KnownRoutes } from './route-registry.ts'

/** The refusal of a request that no route takes: 405 with `allow` on a known path, else 404 naming the nearest one. */
export function refuseUnknown(request: FastifyRequest, reply: FastifyReply, routes: KnownRoutes): GatewayError {
  const path = pathOf(request.raw.url)
  const shown = path.slice(0, 200).replaceAll(/[^\x20-\x7e]/gu, '?')
  const methods = routes.methodsFor(path)
  if (methods.length > 0 && !methods.includes(request.method)) {
    reply.header('allow', methods.join(', '))
    return new GatewayError('method_not_allowed', `${shown} takes ${methods.join(' and ')}, not ${request.method}.`)
  }
  const nearest = routes.nearestTo(path)
  const hint = nearest === undefined ? 'GET /openapi.json lists the routes.' : `The nearest one is ${nearest}.`
  return new GatewayError('not_found', `There is no route ${shown}. ${hint}`)
}
