import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deployment, GatewayConfig } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { DeploymentReadings, HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryText } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'
import { routerHealth } from './router-health.ts'

type Readings = Pick<DeploymentReadings, 'condition' | 'health' | 'problem'>

/**
 * `GET /health?model=&model_id=&routers=1` in LiteLLM's shape (litellm-compat §3.2). LiteLLM pays for it: it sends each model a
 * prompt. This one asks every upstream for its list of models, which costs nothing, and adds what its own traffic told.
 * Routers are in neither list: they are as healthy as the models behind them.
 */
export function healthRoutes({ config, deployments }: Pick<HttpDependencies, 'config' | 'deployments'>): RouteGroup {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const model = queryText(request, 'model')
    const asked = askedDeployments(config(), model, queryText(request, 'model_id'))
    await deployments.probe(asked)
    const report = healthReport(asked, deployments)
    const wanted = [...config().routers.values()].filter(({ name }) => model === undefined || name === model)
    const asksRouter = model !== undefined && wanted.length > 0
    if (!asksRouter && !isYes(queryText(request, 'routers'))) return sendJson(reply, report)
    const isHealthy = (deployment: Deployment): boolean => problemOf(deployment, deployments) === undefined
    const routers = wanted.map((router) => routerHealth(router, config(), isHealthy))
    return sendJson(reply, { ...report, routers })
  }
  return [{ methods: ['GET'], path: '/health', access: 'admin', handler }]
}

/** Sorts deployments by what is known of them. One of which nothing is known counts as healthy. Pure. */
export function healthReport(deployments: readonly Deployment[], readings: Readings) {
  const entries = deployments.map((deployment) => ({ deployment, error: problemOf(deployment, readings) }))
  const healthy = entries.filter(({ error }) => error === undefined).map(({ deployment }) => describe(deployment))
  const unhealthy = entries.flatMap(({ deployment, error }) =>
    error === undefined ? [] : [{ ...describe(deployment), error }],
  )
  return {
    healthy_endpoints: healthy,
    unhealthy_endpoints: unhealthy,
    healthy_count: healthy.length,
    unhealthy_count: unhealthy.length,
  }
}

function askedDeployments(
  { aliases, groups, routers }: GatewayConfig,
  model: string | undefined,
  id: string | undefined,
): readonly Deployment[] {
  const group = model === undefined ? undefined : (aliases.get(model)?.group ?? model)
  const found = [...groups.values()]
    .flat()
    .filter(({ modelName }) => group === undefined || modelName === group)
    .filter((deployment) => id === undefined || deployment.id === id)
  if (found.length > 0 || (model === undefined && id === undefined) || routers.has(model ?? '')) return found
  throw new GatewayError('not_found', `There is no deployment ${id ?? ''} of ${model ?? 'any model'} in the config.`)
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && ['1', 'true', 'yes'].includes(value.toLowerCase())
}

/** One sentence that names the backend; undefined = healthy. */
function problemOf(deployment: Deployment, { condition, health, problem }: Readings): string | undefined {
  if (deployment.apiKey.kind === 'missing') return `No key: ${deployment.apiKey.names.join(' or ')} is not set.`
  const down = condition(deployment.id)?.down?.reason ?? problem(deployment.id)
  if (down !== undefined) return `${deployment.provider} at ${deployment.baseUrl} ${down}.`
  const state = health(deployment.id)
  if (state === undefined || state.healthy) return undefined
  return `${deployment.provider} at ${deployment.baseUrl}: ${state.error ?? 'The last request failed.'}`
}

function describe(deployment: Deployment) {
  return {
    model: `${deployment.provider}/${deployment.upstreamModel}`,
    model_name: deployment.modelName,
    model_id: deployment.id,
    custom_llm_provider: deployment.provider,
    api_base: deployment.baseUrl,
  }
}
