import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../model/errors.ts'
import { pathOf } from '../request-path.ts'
import type { RouteDefinition, RouteGroup } from '../route-registry.ts'

const kept = ['user', 'team', 'customer', 'end_user', 'organization', 'budget'] as const

/** LiteLLM's routes for people and teams: one machine keeps none, and says what to use instead. */
export function unheldPeopleRoutes(): RouteGroup {
  return kept.map(
    (what): RouteDefinition => ({
      methods: ['GET', 'POST', 'DELETE', 'PATCH'],
      path: `/${what}/*`,
      access: 'admin',
      handler: refuse,
    }),
  )
}

function refuse(request: FastifyRequest): never {
  const path = pathOf(request.raw.url).slice(0, 100)
  throw new GatewayError(
    'not_found',
    `${path} is not served: users, teams and shared budgets are not kept on one machine. Give a key its own max_budget with POST /key/generate; its user_id and team_id label what it spends.`,
  )
}
