import type { Deployment, RouterDefinition } from '../config/gateway-config.ts'
import { demoDeployments, demoRouter, demoRouterName } from './demo-models.ts'
import type { RoutingSnapshot } from './plan-types.ts'

/** What a model name stands for. `name` is the router's or group's own name, whatever alias led there. */
export type ResolvedModel =
  | { readonly kind: 'router'; readonly name: string; readonly router: RouterDefinition; readonly isDemo: boolean }
  | {
      readonly kind: 'group'
      readonly name: string
      readonly deployments: readonly Deployment[]
      readonly isDemo: boolean
    }
  | { readonly kind: 'deployment'; readonly name: string; readonly deployment: Deployment }

/** Looks a name up: alias, router, group, deployment id, then the demo models unless they are off. Undefined = unknown. */
export function resolveModel(name: string, snapshot: RoutingSnapshot): ResolvedModel | undefined {
  return resolveConfigured(name, snapshot) ?? (snapshot.demo === 'off' ? undefined : resolveDemo(name))
}

/** The same without the demo models: for chains, which must never lead to them. */
export function resolveConfigured(name: string, snapshot: RoutingSnapshot): ResolvedModel | undefined {
  const { aliases, groups, routers } = snapshot.config
  const target = aliases.get(name)?.group ?? name
  const router = routers.get(target)
  if (router !== undefined) return { kind: 'router', name: target, router, isDemo: false }
  const deployments = groups.get(target)
  if (deployments !== undefined) return { kind: 'group', name: target, deployments, isDemo: false }
  const deployment = findDeployment(target, snapshot)
  return deployment === undefined ? undefined : { kind: 'deployment', name: deployment.modelName, deployment }
}

function resolveDemo(name: string): ResolvedModel | undefined {
  if (name === demoRouterName) return { kind: 'router', name, router: demoRouter, isDemo: true }
  const deployment = demoDeployments.get(name)
  return deployment === undefined ? undefined : { kind: 'group', name, deployments: [deployment], isDemo: true }
}

function findDeployment(id: string, snapshot: RoutingSnapshot): Deployment | undefined {
  for (const deployments of snapshot.config.groups.values()) {
    const found = deployments.find((deployment) => deployment.id === id)
    if (found !== undefined) return found
  }
  return undefined
}
