import type { FastifyReply, FastifyRequest } from 'fastify'
import type { QuotaList } from '../../contract/quotas.ts'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { quotaView } from './quota-view.ts'

/** `GET /api/quotas`: what every deployment and every budget of the config has left, and when it is there again. */
export function quotaRoutes({
  config,
  deployments,
  budgets,
  now,
}: Pick<HttpDependencies, 'config' | 'deployments' | 'budgets' | 'now'>): RouteGroup {
  const handler = (_request: FastifyRequest, reply: FastifyReply) => {
    const shared = budgets.shared(config())
    const list: QuotaList = {
      ...(shared.length === 0 ? {} : { budgets: [...shared] }),
      deployments: [...config().groups.values()]
        .flat()
        .map((deployment) =>
          quotaView(deployment, deployments.condition(deployment.id), deployments.limits(deployment), now()),
        ),
    }
    return sendJson(reply, list)
  }
  return [{ methods: ['GET'], path: controlRoutes.quotas, access: 'control-read', handler }]
}
