import type { Deployment, TierTarget } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { autoPosition } from '../model/switch-position.ts'
import { awaitedReason } from './awaited-models.ts'
import { demoDeployments } from './demo-models.ts'
import type { AddedGroup, PlanBuilder } from './plan-builder.ts'
import type { RoutingSnapshot } from './plan-types.ts'
import { type ResolvedModel, resolveConfigured } from './resolve-model.ts'
import { type RoutedRequest, routeRequest } from './router-decision.ts'

export type RouterModel = Extract<ResolvedModel, { kind: 'router' }>
export type DirectModel = Exclude<ResolvedModel, { kind: 'router' }>

/** Lets a router decide, by its switch. Throws `router_disabled` when that is off, `backend_unavailable` when no tier has a model. */
export function routeWith(asked: RouterModel, facts: RequestFacts, snapshot: RoutingSnapshot): RoutedRequest {
  const position = snapshot.switches.get(asked.name) ?? autoPosition
  if (position.mode === 'off') {
    throw new GatewayError(
      'router_disabled',
      `Router ${asked.name} is off: switch it on in the tray or at Routers, or ask for a model by name.`,
      { param: 'model' },
    )
  }
  return routeRequest(asked.router, position, facts)
}

/** Where in the chain something is added, and what it may cost there. */
export type ChainPlace = Pick<AddedGroup, 'chainIndex' | 'costLimit' | 'changes'>

/** Adds what a plain name stands for: the deployments of a group, or exactly one deployment. */
export function addDeployments(
  model: DirectModel,
  place: ChainPlace,
  { config }: Pick<RoutingSnapshot, 'config'>,
  builder: PlanBuilder,
): void {
  const deployments = model.kind === 'group' ? model.deployments : [model.deployment]
  if (deployments.length === 0) builder.skip(model.name, awaitedReason(model.name, config) ?? 'waits for its backend')
  const { chainIndex, costLimit, changes } = place
  builder.add({ group: model.name, deployments, chainIndex, costLimit, changes })
}

/** Adds the models of a tier in order, all at one place of the chain; gives the names of the groups that are there. */
export function addTargets(
  router: RouterModel,
  targets: readonly TierTarget[],
  place: ChainPlace,
  snapshot: RoutingSnapshot,
  builder: PlanBuilder,
): readonly string[] {
  const groups: string[] = []
  for (const target of targets) {
    const found = target.state === 'configured' ? findTarget(router, target.model, snapshot) : undefined
    if (found === undefined || found.deployments.length === 0) {
      builder.skip(target.model, awaitedReason(target.model, snapshot.config) ?? 'waits for its backend')
      continue
    }
    const { chainIndex, costLimit, changes } = place
    builder.add({ ...found, chainIndex, costLimit, changes, tierDefaults: target.defaults })
    groups.push(found.group)
  }
  return groups
}

interface TargetGroup {
  readonly group: string
  readonly deployments: readonly Deployment[]
}

/** The deployments behind a tier's model name. Only the demo router leads to demo models. */
function findTarget(router: RouterModel, name: string, snapshot: RoutingSnapshot): TargetGroup | undefined {
  if (router.isDemo) {
    const deployment = demoDeployments.get(name)
    return deployment === undefined ? undefined : { group: name, deployments: [deployment] }
  }
  const resolved = resolveConfigured(name, snapshot)
  if (resolved === undefined || resolved.kind === 'router') return undefined
  const deployments = resolved.kind === 'group' ? resolved.deployments : [resolved.deployment]
  return { group: resolved.name, deployments }
}
