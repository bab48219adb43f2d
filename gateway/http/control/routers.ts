import type { FastifyReply, FastifyRequest } from 'fastify'
import { SwitchPositionSchema } from '../../contract/routers.ts'
import type { RouterView } from '../../contract/routers.ts'
import { type RouterSettings, RouterSettingsSchema } from '../../contract/router-settings.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'
import { routerSettings } from './router-settings.ts'
import { findRouter, routerViews } from './router-view.ts'

export type RouterViews = () => Promise<readonly RouterView[]>

type RouterDependencies = Pick<HttpDependencies, 'snapshot' | 'ledger' | 'now' | 'setSwitch' | 'feed' | 'configEditor'>

/** The routers with today's counts, for the routes and for the event stream. */
export function createRouterViews({
  snapshot,
  ledger,
  now,
}: Pick<RouterDependencies, 'snapshot' | 'ledger' | 'now'>): RouterViews {
  return async () => {
    const midnight = new Date(now()).setHours(0, 0, 0, 0)
    const spend = await ledger.spendSince(midnight)
    return routerViews(snapshot(undefined), spend.requestsByRouter)
  }
}

/** `GET /api/routers`, the switch, and the settings of one. */
export function routerRoutes(dependencies: RouterDependencies, views: RouterViews): RouteGroup {
  const readPosition = bodyReaderFor(SwitchPositionSchema)

  const list = async (_request: FastifyRequest, reply: FastifyReply) => sendJson(reply, { routers: await views() })

  const namedRouter = (request: FastifyRequest) => {
    const { name } = request.params as { readonly name: string }
    const router = findRouter(name, dependencies.snapshot(undefined))
    if (router !== undefined) return router
    throw new GatewayError('not_found', `There is no router "${name.slice(0, 200)}"; GET /api/routers lists them.`)
  }

  const showSettings = (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, routerSettings(namedRouter(request), dependencies.configEditor.read()) satisfies RouterSettings)

  const setSwitch = async (request: FastifyRequest, reply: FastifyReply) => {
    const { name } = namedRouter(request)
    await dependencies.setSwitch(name, readPosition(request.body))
    dependencies.feed.routersChanged()
    const view = routerViews(dependencies.snapshot(undefined), new Map()).find((candidate) => candidate.name === name)
    const counted = (await views()).find((candidate) => candidate.name === name)
    return sendJson(reply, counted ?? view ?? { name })
  }
  return [
    { methods: ['GET'], path: controlRoutes.routers, access: 'control-read', handler: list },
    { methods: ['PUT'], path: `${controlRoutes.routers}/:name/switch`, access: 'control', handler: setSwitch },
    {
      methods: ['GET'],
      path: `${controlRoutes.routers}/:name/settings`,
      access: 'control',
      handler: showSettings,
      documentation: { summary: 'What an editor of a router starts from', answer: RouterSettingsSchema },
    },
  ]
}
