import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ModelList, ModelListSchema } from '../../contract/models.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { demoDeployments, demoRouterName } from '../../routing/demo-models.ts'
import type { RoutingSnapshot } from '../../routing/plan-types.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { modelViews } from './model-views.ts'

type Dependencies = Pick<HttpDependencies, 'snapshot' | 'deployments' | 'modelFacts' | 'modelUse' | 'modelPrice'>

/** `GET /api/models`: everything that can be asked for, how it is, what it costs and how it was used. */
export function modelListRoutes(dependencies: Dependencies): RouteGroup {
  const { snapshot, deployments, modelFacts, modelUse, modelPrice } = dependencies
  const handler = async (_request: FastifyRequest, reply: FastifyReply) => {
    const use = await modelUse()
    const sources = {
      snapshot: snapshot(undefined),
      facts: new Map(modelFacts().map((fact) => [fact.name, fact])),
      readings: deployments,
      priceOf: modelPrice,
      use: use?.use,
    }
    const models = modelViews(allNames(sources.snapshot), sources)
    return sendJson(reply, { models, useReadAt: use?.at ?? null } satisfies ModelList)
  }
  return [
    {
      methods: ['GET'],
      path: controlRoutes.models,
      access: 'control-read',
      handler,
      documentation: { summary: 'All models and routers: health, prices, use', answer: ModelListSchema },
    },
  ]
}

/** Routers that are off are told of, too; hidden aliases come last. */
function allNames({ config, demo }: RoutingSnapshot): readonly string[] {
  const open = [...config.aliases].filter(([, { hidden }]) => !hidden)
  const hidden = [...config.aliases].filter(([, alias]) => alias.hidden)
  const pretended = demo === 'listed' ? [demoRouterName, ...demoDeployments.keys()] : []
  return [...new Set([...config.modelNames, ...[...open, ...hidden].map(([name]) => name), ...pretended])]
}
