import type { Deployment, LocalModel, RouterDefinition } from '../config/gateway-config.ts'
import { tiers } from '../model/tier.ts'
import { demoDeployments, demoRouter, demoRouterName } from './demo-models.ts'
import { mayUse } from './may-use.ts'
import type { RoutingSnapshot } from './plan-types.ts'
import { resolveModel } from './resolve-model.ts'

/** One entry of `/v1/models`. */
export interface ListedModel {
  readonly name: string
  readonly kind: 'router' | 'model' | 'demo'
  /** The provider of its first deployment; undefined for a router. */
  readonly provider: string | undefined
  /** In tokens: the smallest one known among its deployments (a router's: among its tiers), which any request may rely on. */
  readonly contextWindow: number | undefined
  readonly maxOutputTokens: number | undefined
  /** What the first server that has it says of it; undefined for a model that is not local. */
  readonly local: LocalModel | undefined
}

/**
 * The names a caller may use, in the order of the file: routers that are switched off are gone, aliases that are not
 * hidden follow, then the demo models while nothing else was ever seen. A key sees only its own names.
 */
export function listModels(snapshot: RoutingSnapshot): ListedModel[] {
  const { config } = snapshot
  const openAliases = [...config.aliases].filter(([, alias]) => !alias.hidden).map(([name]) => name)
  const names = new Set([...config.modelNames, ...openAliases])
  const listed = [...names].filter((name) => isOn(name, snapshot)).map((name) => describe(name, snapshot))
  const demo = snapshot.demo === 'listed' ? demoModels(snapshot).filter(({ name }) => !names.has(name)) : []
  const all = [...listed, ...demo]
  if (snapshot.allowedModels === undefined) return all
  return all.filter(({ name }) => mayUse(name, resolveModel(name, snapshot), snapshot))
}

function isOn(name: string, snapshot: RoutingSnapshot): boolean {
  const target = snapshot.config.aliases.get(name)?.group ?? name
  return snapshot.switches.get(target)?.mode !== 'off'
}

function describe(name: string, snapshot: RoutingSnapshot): ListedModel {
  const { aliases, groups, routers } = snapshot.config
  const target = aliases.get(name)?.group ?? name
  const router = routers.get(target)
  if (router !== undefined) {
    const deployments = routerModels(router).flatMap((model) => groups.get(model) ?? [])
    return { name, kind: 'router', provider: undefined, ...limits(deployments), local: undefined }
  }
  const deployments = groups.get(target) ?? []
  return {
    name,
    kind: 'model',
    provider: deployments[0]?.provider,
    ...limits(deployments),
    local: deployments[0]?.local,
  }
}

function demoModels(snapshot: RoutingSnapshot): ListedModel[] {
  const deployments = [...demoDeployments.values()]
  const models = deployments.map(
    (deployment): ListedModel => ({
      name: deployment.modelName,
      kind: 'demo',
      provider: deployment.provider,
      ...limits([deployment]),
      local: undefined,
    }),
  )
  if (snapshot.switches.get(demoRouterName)?.mode === 'off') return models
  return [
    { name: demoRouter.name, kind: 'demo', provider: 'demo', ...limits(deployments), local: undefined },
    ...models,
  ]
}

function routerModels(router: RouterDefinition): string[] {
  return tiers.flatMap((tier) => (router.tiers[tier] ?? []).map((target) => target.model))
}

function limits(deployments: readonly Deployment[]): Pick<ListedModel, 'contextWindow' | 'maxOutputTokens'> {
  return {
    contextWindow: smallest(deployments.map((deployment) => deployment.contextWindow)),
    maxOutputTokens: smallest(deployments.map((deployment) => deployment.maxOutputTokens)),
  }
}

function smallest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
