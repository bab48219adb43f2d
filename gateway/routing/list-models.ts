import type { Deployment, LocalModel, RouterDefinition } from '../config/gateway-config.ts'
import type { Role } from '../config/role.ts'
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
 * hidden follow, then roles and categories where the file lists them, then the demo models while nothing else was ever
 * seen. A key sees only its own names.
 */
export function listModels(snapshot: RoutingSnapshot): ListedModel[] {
  const { config } = snapshot
  const openAliases = [...config.aliases].filter(([, alias]) => !alias.hidden).map(([name]) => name)
  const openRoles = rolesOf(snapshot).flatMap(({ name, listed }) => (listed ? [name] : []))
  const names = new Set([...config.modelNames, ...openAliases, ...openRoles])
  const listed = [...names].filter((name) => isOn(name, snapshot)).map((name) => describe(name, snapshot))
  const demo = snapshot.demo === 'listed' ? demoModels(snapshot).filter(({ name }) => !names.has(name)) : []
  const all = [...listed, ...demo]
  if (snapshot.allowedModels === undefined) return all
  return all.filter(({ name }) => mayUse(name, resolveModel(name, snapshot), snapshot))
}

/** Every role and category that the caller may use, whether `/v1/models` names them or not. */
export function listRoles(snapshot: RoutingSnapshot): ListedModel[] {
  return rolesOf(snapshot)
    .filter(({ name }) => isOn(name, snapshot) && mayUse(name, resolveModel(name, snapshot), snapshot))
    .map(({ name }) => describe(name, snapshot))
}

function rolesOf({ config }: RoutingSnapshot): readonly Role[] {
  return [...(config.roles?.values() ?? [])]
}

/** The name of the group or router behind an alias or role. */
function targetOf(name: string, { config }: RoutingSnapshot): string {
  const model = config.roles?.get(name)?.model ?? name
  return config.aliases.get(model)?.group ?? model
}

function isOn(name: string, snapshot: RoutingSnapshot): boolean {
  const target = targetOf(name, snapshot)
  if ((snapshot.config.roles?.get(name)?.fallbacks.length ?? 0) > 0) return true
  return snapshot.switches.get(target)?.mode !== 'off'
}

function describe(name: string, snapshot: RoutingSnapshot): ListedModel {
  const { groups, routers, selectors } = snapshot.config
  const target = targetOf(name, snapshot)
  const router = routers.get(target)
  if (router !== undefined) {
    const deployments = routerModels(router).flatMap((model) => groups.get(model) ?? [])
    return { name, kind: 'router', provider: undefined, ...limits(deployments), local: undefined }
  }
  const deployments = groups.get(target) ?? selectors?.get(target) ?? []
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
