import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Deployment, GatewayConfig, PriceOverride, RouterDefinition } from '../../config/gateway-config.ts'
import type { JsonObject } from '../../model/json.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryText } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `GET /model/info` in LiteLLM's shape: every entry of `model_list`, without keys and headers. */
export function modelInfoRoutes({ config }: Pick<HttpDependencies, 'config'>): RouteGroup {
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const id = queryText(request, 'litellm_model_id')
    const data = modelInfo(config()).filter((entry) => id === undefined || entry.model_info.id === id)
    return sendJson(reply, { data })
  }
  return ['/model/info', '/v1/model/info'].map((path) => ({ methods: ['GET'], path, access: 'admin', handler }))
}

/** Pure. */
export function modelInfo(config: GatewayConfig) {
  return config.modelNames.flatMap((name) => {
    const router = config.routers.get(name)
    return router === undefined ? (config.groups.get(name) ?? []).map(deploymentEntry) : [routerEntry(router)]
  })
}

function routerEntry(router: RouterDefinition) {
  const tiers = Object.entries(router.tiers).map(([tier, targets]) => [tier, targets.map((target) => target.model)])
  return {
    model_name: router.name,
    litellm_params: {
      model: 'auto_router/complexity_router',
      complexity_router_config: { tiers: Object.fromEntries(tiers) as JsonObject },
    },
    model_info: { id: router.name, db_model: false, mode: 'chat' } as JsonObject,
  }
}

function deploymentEntry(deployment: Deployment) {
  return {
    model_name: deployment.modelName,
    litellm_params: withoutAbsent({
      model: `${deployment.provider}/${deployment.upstreamModel}`,
      api_base: deployment.baseUrl === '' ? undefined : deployment.baseUrl,
      custom_llm_provider: deployment.provider,
      rpm: deployment.rpm,
      tpm: deployment.tpm,
      weight: deployment.weight,
      order: deployment.order,
      tags: deployment.tags.length === 0 ? undefined : [...deployment.tags],
    }),
    model_info: {
      ...deployment.modelInfo,
      ...withoutAbsent({
        id: deployment.id,
        db_model: false,
        key: deployment.baseModel ?? deployment.upstreamModel,
        litellm_provider: deployment.provider,
        max_input_tokens: deployment.contextWindow,
        max_output_tokens: deployment.maxOutputTokens,
        ...prices(deployment.prices),
      }),
    },
  }
}

function prices(override: PriceOverride | undefined) {
  if (override === undefined) return {}
  return {
    input_cost_per_token: asNumber(override.inputPerToken),
    output_cost_per_token: asNumber(override.outputPerToken),
    cache_read_input_token_cost: asNumber(override.cachedPerToken),
    cache_creation_input_token_cost: asNumber(override.cacheWritePerToken),
    output_cost_per_reasoning_token: asNumber(override.reasoningPerToken),
  }
}

function asNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

function withoutAbsent(values: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as JsonObject
}
