import type { FastifyReply, FastifyRequest } from 'fastify'
import { RoleListSchema, type RoleView } from '../../contract/roles.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { roleStates } from '../../routing/role-states.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /api/roles`: roles and categories, and what each leads to now. */
export function roleRoutes({ snapshot }: Pick<HttpDependencies, 'snapshot'>): RouteGroup {
  const handler = (_request: FastifyRequest, reply: FastifyReply) => {
    const roles = roleStates(snapshot(undefined)).map(({ role, leadsTo, on }): RoleView => {
      const { name, kind, model, fallbacks, listed } = role
      return { name, kind, model, fallbacks: [...fallbacks], leadsTo, on, listed }
    })
    return sendJson(reply, { roles })
  }
  return [
    {
      methods: ['GET'],
      path: controlRoutes.roles,
      access: 'control-read',
      handler,
      documentation: { summary: 'Roles and categories of agents, and what each leads to', answer: RoleListSchema },
    },
  ]
}
