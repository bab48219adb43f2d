import { createHash } from 'node:crypto'
import type { Deployment, GatewayConfig, RouterDefinition, TierTarget } from '../../config/gateway-config.ts'
import type { Tier } from '../../model/tier.ts'
import type { Backend } from '../backend.ts'
import type { BackendModel } from '../inventory/inventory.ts'
import { sameServerKey } from '../watch/targets.ts'
import { backendOf, discoveredDeployment, enrichedDeployment } from './discovered-deployments.ts'
import { ranked, selectorGroups } from './selectors.ts'

/** The configuration with everything that local servers bring, and what is known of those that are not there. */
export interface MergedConfig {
  readonly config: GatewayConfig
  /** Reasons by deployment id, for deployments whose server gives no connection. */
  readonly down: ReadonlyMap<string, { readonly reason: string }>
}

/**
 * Lays the models of local servers over the configuration: each is a group `<backend>/<model>`, listed while its server is
 * up and known (with the reason) while it is down; selectors such as `local/*` stand beside them; tiers that waited for one
 * of these names have it. Names of the file always win. Pure; without servers it gives the configuration itself.
 */
export function mergeModels(config: GatewayConfig, backends: readonly Backend[]): MergedConfig {
  const used = backends.filter(({ added }) => added)
  const absentBackends = absent(config, used)
  if (used.length === 0 && absentBackends.size === 0) return { config, down: new Map() }
  const byServer = new Map(used.map((backend) => [sameServerKey(backend.url) ?? backend.url, backend]))
  const own = new Map(
    [...config.groups].map(([name, deployments]) => [
      name,
      ranksOnce(deployments.map((one) => enriched(one, byServer))),
    ]),
  )
  const found = used.flatMap((backend) =>
    knownModels(backend)
      .filter(({ cloud }) => cloud !== true)
      .map((model) => discoveredDeployment(backend, model)),
  )
  const foundIds = new Set(found.map(({ id }) => id))
  const isUp = (deployment: Deployment): boolean => backendOf(deployment, byServer)?.state === 'up'
  const local = new Map(
    [...Map.groupBy(found, ({ modelName }) => modelName)].map(([name, list]) => [name, ranked(list)]),
  )
  const groups = new Map([...local, ...own])
  const up = found.filter(isUp)
  // Where none is there, those that are not say why.
  const selectors = selectorGroups(up.length > 0 ? up : found)
  for (const router of config.routers.keys()) groups.delete(router)
  const listed = [...local].filter(([name, list]) => groups.get(name) === list && list.some(isUp)).map(([name]) => name)
  const merged: Omit<GatewayConfig, 'revision'> = {
    ...config,
    modelNames: [...config.modelNames, ...listed.filter((name) => !config.routers.has(name))],
    groups,
    selectors,
    absentBackends,
    routers: liveRouters(config.routers, (name) =>
      (groups.get(name) ?? selectors.get(name) ?? []).some((one) => isAnswering(one, byServer)),
    ),
  }
  return {
    config: { ...merged, revision: revisionOf(config, groups, listed) },
    down: downReasons(groups, foundIds, byServer),
  }
}

/** What a server that is away had keeps its names: who asks for one learns what is wrong with the server. */
function knownModels({ state, models, lastRead }: Backend): readonly BackendModel[] {
  if (state === 'up' || lastRead === undefined) return models
  return lastRead.models.map((model) => ({ ...model, loaded: undefined, loadedContext: undefined }))
}

/** Names of servers of which none is up, with what is wrong. A host on which nothing was found has no server yet. */
function absent({ backends: named }: GatewayConfig, used: readonly Backend[]): Map<string, string> {
  const up = new Set(used.filter(({ state }) => state === 'up').map(({ name }) => name))
  const names = [...named.filter(({ enabled }) => enabled), ...used].map(({ name }) => name)
  return new Map(
    names
      .filter((name) => !up.has(name))
      .map((name) => [name, used.find((backend) => backend.name === name)?.reason ?? 'was not found yet']),
  )
}

function enriched(deployment: Deployment, backends: ReadonlyMap<string, Backend>): Deployment {
  const backend = backendOf(deployment, backends)
  return backend === undefined ? deployment : enrichedDeployment(deployment, backend)
}

/** The file's own order stays, but for a local deployment that is occupied or not loaded. */
function ranksOnce(deployments: readonly Deployment[]): readonly Deployment[] {
  return deployments.length > 1 && deployments.some(({ local }) => local !== undefined)
    ? readinessOnly(deployments)
    : deployments
}

function readinessOnly(deployments: readonly Deployment[]): Deployment[] {
  return deployments.map((deployment) => {
    const [alone] = ranked([deployment])
    return alone ?? deployment
  })
}

/** A deployment elsewhere counts as there; one on a known server only while that is up. */
function isAnswering(deployment: Deployment, backends: ReadonlyMap<string, Backend>): boolean {
  const backend = backendOf(deployment, backends)
  return backend === undefined || backend.state === 'up'
}

const noConnection: ReadonlySet<Backend['state']> = new Set(['down', 'impostor'])

/**
 * Only a server without a connection takes entries of the file down: a slow answer, a status or one model's error is theirs
 * alone. What is known of a server alone waits as well while that loads, since it answers so to every request.
 */
function downReasons(
  groups: ReadonlyMap<string, readonly Deployment[]>,
  found: ReadonlySet<Deployment['id']>,
  backends: ReadonlyMap<string, Backend>,
): Map<string, { readonly reason: string }> {
  const down = new Map<string, { readonly reason: string }>()
  for (const deployment of [...groups.values()].flat()) {
    const backend = backendOf(deployment, backends)
    if (backend === undefined) continue
    const isStarting = backend.state === 'starting' && found.has(deployment.id)
    if (!isStarting && !noConnection.has(backend.state)) continue
    const state = isStarting ? 'is starting' : 'is down'
    down.set(deployment.id, { reason: `${state}: ${backend.name} ${backend.reason ?? 'gives no connection'}` })
  }
  return down
}

/** Routers whose waiting tiers have come to life. The same definition comes back where nothing changed: it may be compiled. */
function liveRouters(
  routers: ReadonlyMap<string, RouterDefinition>,
  isThere: (model: string) => boolean,
): ReadonlyMap<string, RouterDefinition> {
  return new Map([...routers].map(([name, router]) => [name, liveRouter(router, isThere)]))
}

const revived = new WeakMap<RouterDefinition, Map<string, RouterDefinition>>()

function liveRouter(router: RouterDefinition, isThere: (model: string) => boolean): RouterDefinition {
  const tiers = Object.entries(router.tiers) as [Tier, readonly TierTarget[]][]
  const targets = [
    ...tiers.flatMap(([, list]) => list),
    ...(router.defaultModel === undefined ? [] : [router.defaultModel]),
  ]
  const live = new Set(
    targets.filter(({ state, model }) => state === 'waiting' && isThere(model)).map(({ model }) => model),
  )
  if (live.size === 0) return router
  // Made once for each set of models: compiled word lists belong to the definition.
  const memo = revived.get(router) ?? new Map<string, RouterDefinition>()
  revived.set(router, memo)
  const key = [...live].sort().join('\n')
  const known = memo.get(key)
  if (known !== undefined) return known
  const revive = (target: TierTarget): TierTarget =>
    live.has(target.model) ? { ...target, state: 'configured' } : target
  const made: RouterDefinition = {
    ...router,
    tiers: Object.fromEntries(tiers.map(([tier, list]) => [tier, list.map(revive)])),
    defaultModel: router.defaultModel === undefined ? undefined : revive(router.defaultModel),
  }
  memo.set(key, made)
  return made
}

/** Differs when anything that was laid over the configuration differs. */
function revisionOf(
  { revision }: GatewayConfig,
  groups: ReadonlyMap<string, readonly Deployment[]>,
  listed: readonly string[],
): string {
  const local = [...groups].flatMap(([name, list]) =>
    list.map(({ id, order, local: model }) => [name, id, order, model]),
  )
  const digest = createHash('sha256')
    .update(JSON.stringify([listed, local]))
    .digest('hex')
  return `${revision}+${digest.slice(0, 8)}`
}
