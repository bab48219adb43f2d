import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import { type Settings, SettingsSchema } from '../../contract/settings.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/settings`: the gateway's own settings as the file in effect has them. */
export function settingsRoutes({ config }: Pick<HttpDependencies, 'config'>): RouteGroup {
  const handler = (_request: FastifyRequest, reply: FastifyReply) => {
    const { server, signalbox } = config()
    return sendJson(reply, {
      port: server.port ?? null,
      host: server.host ?? null,
      discovery: signalbox.discovery,
      demo: signalbox.demo,
      agentResync: signalbox.agentResync ?? 'on',
      priceRefresh: signalbox.priceRefresh.every,
      rowDays: signalbox.retention.rowDays ?? null,
    } satisfies Settings)
  }
  return [
    {
      methods: ['GET'],
      path: controlRoutes.settings,
      access: 'control-read',
      handler,
      documentation: { summary: 'The gateway’s own settings in the config file', answer: SettingsSchema },
    },
  ]
}
