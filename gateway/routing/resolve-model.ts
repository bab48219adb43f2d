import type { Deployment, RouterDefinition } from '../config/gateway-config.ts'
import type { Role } from '../config/role.ts'
import { fillWildcard, matchWildcard } from '../config/wildcard.ts'
import { awaitedReason } from './awaited-models.ts'
import { indexOf } from './config-index.ts'
import { demoDeployments, demoRouter, demoRouterName } from './demo-models.ts'
import type { RoutingSnapshot } from './plan-types.ts'

/** What a model name stands for. `name` is the router's or group's own name, whatever alias or role led there. */
export type ResolvedModel = (
  | { readonly kind: 'router'; readonly name: string; readonly router: RouterDefinition; readonly isDemo: boolean }
  | {
      readonly kind: 'group'
      readonly name: string
      readonly deployments: readonly Deployment[]
      readonly isDemo: boolean
      /** The `model_name` with a `*` that covers the name. */
      readonly pattern?: string
    }
  | { readonly kind: 'deployment'; readonly name: string; readonly deployment: Deployment }
) & {
  /** The role or category that was asked for. */
  readonly role?: Role
}

/**
 * Claude Code's model picker drops every id without `claude` or `anthropic`: it is shown each other name behind this
 * prefix, and a name may be asked for that way.
 */
const claudePrefix = 'claude-signalbox/'

/** The id under which Claude Code's picker keeps a name; undefined for a name that it keeps anyway. */
export function claudeName(name: string): string | undefined {
  return /claude|anthropic/i.test(name) ? undefined : claudePrefix + name
}

/** The name that a caller means: without the prefix of `claudeName`, unless a model really bears the whole name. */
export function plainName(name: string, snapshot: RoutingSnapshot): string {
  if (!name.startsWith(claudePrefix) || resolveModel(name, snapshot) !== undefined) return name
  return name.slice(claudePrefix.length)
}

/** Looks a name up: role, alias, router, group, deployment id, pattern, then the demo models unless they are off. Undefined = unknown. */
export function resolveModel(name: string, snapshot: RoutingSnapshot): ResolvedModel | undefined {
  return resolveConfigured(name, snapshot) ?? (snapshot.demo === 'off' ? undefined : resolveDemo(name))
}

/** The same without the demo models: for chains, which must never lead to them. */
export function resolveConfigured(name: string, snapshot: RoutingSnapshot): ResolvedModel | undefined {
  const role = snapshot.config.roles?.get(name)
  if (role === undefined) return resolveNamed(name, snapshot)
  return { ...(resolveNamed(role.model, snapshot) ?? absent(role.model)), role }
}

/** What no role stands for: roles never lead to roles. */
function resolveNamed(name: string, snapshot: RoutingSnapshot): ResolvedModel | undefined {
  const { aliases, groups, routers } = snapshot.config
  const target = aliases.get(name)?.group ?? name
  const router = routers.get(target)
  if (router !== undefined) return { kind: 'router', name: target, router, isDemo: false }
  const selected = snapshot.config.selectors?.get(target)
  if (selected !== undefined) return { kind: 'group', name: target, deployments: selected, isDemo: false }
  // A pattern is no model: nobody means `openai/*` as it stands.
  const deployments = target.includes('*') ? undefined : groups.get(target)
  if (deployments !== undefined) return { kind: 'group', name: target, deployments, isDemo: false }
  const deployment = indexOf(snapshot.config).deploymentById.get(target)
  if (deployment !== undefined && !deployment.modelName.includes('*')) {
    return { kind: 'deployment', name: deployment.modelName, deployment }
  }
  const matched = resolvePattern(target, snapshot)
  if (matched !== undefined) return matched
  return awaitedReason(target, snapshot.config) === undefined ? undefined : absent(target)
}

/** A name is kept while its model waits for a backend: fallbacks can answer. */
function absent(name: string): ResolvedModel {
  return { kind: 'group', name, deployments: [], isDemo: false }
}

function resolveDemo(name: string): ResolvedModel | undefined {
  if (name === demoRouterName) return { kind: 'router', name, router: demoRouter, isDemo: true }
  const deployment = demoDeployments.get(name)
  return deployment === undefined ? undefined : { kind: 'group', name, deployments: [deployment], isDemo: true }
}

/** A name that only a pattern covers: the text of each `*` goes into the upstream's model. */
function resolvePattern(name: string, { config }: RoutingSnapshot): ResolvedModel | undefined {
  for (const pattern of indexOf(config).patterns) {
    const captures = matchWildcard(pattern, name)
    if (captures === undefined || name.includes('*')) continue
    const deployments = (config.groups.get(pattern) ?? []).map((deployment) => filledIn(deployment, captures, name))
    return { kind: 'group', name, deployments, isDemo: false, pattern }
  }
  return undefined
}

function filledIn(deployment: Deployment, captures: readonly string[], name: string): Deployment {
  return {
    ...deployment,
    modelName: name,
    upstreamModel: fillWildcard(deployment.upstreamModel, captures, name),
    alternatives: deployment.alternatives.map((alternative) => filledIn(alternative, captures, name)),
  }
}
