import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RouterDefinition } from '../../config/gateway-config.ts'
import { ReplayRequestSchema, ReplaySchema } from '../../contract/replay.ts'
import { type Trial, TrialSchema, TryRequestSchema } from '../../contract/router-draft.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { readAnyRequest } from '../../dialects/read-any-request.ts'
import { GatewayError } from '../../model/errors.ts'
import { demoDeployments } from '../../routing/demo-models.ts'
import { editRouter } from '../../routing/edited-router.ts'
import { explain } from '../../routing/explain.ts'
import type { RoutingSnapshot } from '../../routing/plan-types.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'
import { findRouter } from './router-view.ts'

const defaultDays = 7

/** Edited settings of a router that are not saved: one prompt, or the last days, decided by them. Nothing is kept. */
export function routerDraftRoutes({
  snapshot,
  replay,
  now,
}: Pick<HttpDependencies, 'snapshot' | 'replay' | 'now'>): RouteGroup {
  const readTry = bodyReaderFor(TryRequestSchema)
  const readReplay = bodyReaderFor(ReplayRequestSchema)

  const tryOut = (request: FastifyRequest, reply: FastifyReply) => {
    const state = snapshot(undefined)
    const router = namedRouter(request, state)
    const { text, draft } = readTry(request.body)
    const edited = draft === undefined ? undefined : editRouter(requireInFile(router, state), draft, modelNames(state))
    const decide = (with_: RouterDefinition) => decisionOn(text, with_, state)
    const trial: Trial = { saved: decide(router), edited: edited === undefined ? null : decide(edited) }
    return sendJson(reply, trial)
  }
  const again = async (request: FastifyRequest, reply: FastifyReply) => {
    const state = snapshot(undefined)
    const saved = namedRouter(request, state)
    const { days = defaultDays, draft } = readReplay(request.body)
    const edited = editRouter(requireInFile(saved, state), draft, modelNames(state))
    return sendJson(reply, await replay({ saved, edited, days, now: now() }))
  }
  return [
    {
      methods: ['POST'],
      path: `${controlRoutes.routers}/:name/try`,
      access: 'control-read',
      handler: tryOut,
      documentation: {
        summary: 'The decision on a prompt under saved and edited settings; keeps nothing',
        body: TryRequestSchema,
        answer: TrialSchema,
      },
    },
    {
      methods: ['POST'],
      path: `${controlRoutes.routers}/:name/replay`,
      access: 'control-read',
      handler: again,
      documentation: {
        summary: 'The last days decided again with edited settings, from stored features',
        body: ReplayRequestSchema,
        answer: ReplaySchema,
      },
    },
  ]
}

/** A switch that is pinned or off has no part in what a score would decide. */
function decisionOn(text: string, router: RouterDefinition, state: RoutingSnapshot): Trial['saved'] {
  const { config } = state
  const switches = new Map([...state.switches].filter(([name]) => name !== router.name))
  const isInFile = config.routers.has(router.name)
  const routers = isInFile ? new Map([...config.routers, [router.name, router] as const]) : config.routers
  const body = { model: router.name, messages: [{ role: 'user', content: text }] }
  return explain(readAnyRequest({ body }), { ...state, switches, config: { ...config, routers } })
}

function namedRouter(request: FastifyRequest, state: RoutingSnapshot): RouterDefinition {
  const { name } = request.params as { readonly name: string }
  const router = findRouter(name, state)
  if (router !== undefined) return router
  throw new GatewayError('not_found', `There is no router "${name.slice(0, 200)}"; GET /api/routers lists them.`)
}

function requireInFile(router: RouterDefinition, { config }: RoutingSnapshot): RouterDefinition {
  if (config.routers.has(router.name)) return router
  throw new GatewayError(
    'conflict',
    `${router.name} is the demo's router and stands in no file, so it cannot be edited. Add a router of your own first.`,
  )
}

/** What a tier may name. */
function modelNames({ config }: RoutingSnapshot): ReadonlySet<string> {
  const aliases = [...config.aliases].flatMap(([alias, { group }]) => (config.groups.has(group) ? [alias] : []))
  const selectors = config.selectors?.keys() ?? []
  const names = [...config.groups.keys(), ...aliases, ...selectors]
  return new Set(names.filter((name) => !demoDeployments.has(name)))
}
