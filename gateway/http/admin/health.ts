import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deployment } from '../../config/gateway-config.ts'
import type { DeploymentState, HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryText } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/**
 * `GET /health` in LiteLLM's shape (litellm-compat §3.2), but passive: it tells what is known and calls no model, so it
 * costs nothing. Routers are in neither list: they are as healthy as the models behind them.
 */
export function healthRoutes({
  config,
  deploymentState,
}: Pick<HttpDependencies, 'config' | 'deploymentState'>): RouteGroup {
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const model = queryText(request, 'model')
    const id = queryText(request, 'model_id')
    const deployments = [...config().groups.values()]
      .flat()
      .filter((deployment) => model === undefined || deployment.modelName === model)
      .filter((deployment) => id === undefined || deployment.id === id)
    return sendJson(reply, healthReport(deployments, deploymentState))
  }
  return [{ methods: ['GET'], path: '/health', access: 'admin', handler }]
}

/** Sorts deployments by their last known state. One that was never used counts as healthy. Pure. */
export function healthReport(
  deployments: readonly Deployment[],
  stateOf: (deploymentId: string) => DeploymentState | undefined,
) {
  const entries = deployments.map((deployment) => ({
    deployment,
    error: problemOf(deployment, stateOf(deployment.id)),
  }))
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

function problemOf(deployment: Deployment, state: DeploymentState | undefined): string | undefined {
  if (deployment.apiKey.kind === 'missing') return `No key: ${deployment.apiKey.names.join(' or ')} is not set.`
  if (state === undefined || state.healthy) return undefined
  return state.error ?? 'The last request failed.'
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
