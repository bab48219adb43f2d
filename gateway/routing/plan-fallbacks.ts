import type { GatewayConfig } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { mayUse, printable } from './model-access.ts'
import type { PlanBuilder } from './plan-builder.ts'
import { addDeployments, addTargets, type RouterModel, routeWith } from './plan-targets.ts'
import type { RoutingSnapshot } from './plan-types.ts'
import { type ResolvedModel, resolveConfigured, resolveModel } from './resolve-model.ts'

export interface FallbackInput {
  readonly asked: ResolvedModel
  /** Groups already in the plan. */
  readonly chosen: readonly string[]
  readonly facts: RequestFacts
  readonly snapshot: RoutingSnapshot
  readonly builder: PlanBuilder
}

interface Fallback {
  readonly name: string
  readonly resolved: ResolvedModel | undefined
}

/**
 * Adds the fallback groups after the chosen ones. Those that the request names replace the configured ones. A group
 * that turns out to be unusable keeps its place in the chain. Throws `key_model_access_denied` for a name in the
 * request that its key may not use.
 */
export function addFallbacks(input: FallbackInput): void {
  for (const [index, fallback] of chainOf(input).entries()) addFallback(fallback, index + 1, input)
}

function chainOf(input: FallbackInput): Fallback[] {
  const { asked, chosen, facts, snapshot } = input
  const tried = [facts.model, asked.name, ...chosen]
  if (facts.requestFallbacks !== undefined) {
    return limitChain(facts.requestFallbacks, tried, snapshot.config.maxFallbacks).map((name) => {
      const resolved = resolveModel(name, snapshot)
      if (!mayUse(name, resolved, snapshot.allowedModels)) throw fallbackDenied(name)
      return { name, resolved }
    })
  }
  // A deployment asked for by id means exactly that one, and a demo model never turns into a real, paid one.
  if (asked.kind === 'deployment' || asked.isDemo) return []
  return configuredFallbacks(snapshot.config, tried).map((name) => ({
    name,
    resolved: resolveConfigured(name, snapshot),
  }))
}

/** The entry of the first of `names` that has one (a router before its groups), else the default entry `*`. The owner chose them: no key check. */
function configuredFallbacks(config: GatewayConfig, names: readonly string[]): readonly string[] {
  const entry = names.find((name) => config.fallbacks.has(name)) ?? '*'
  return limitChain(config.fallbacks.get(entry) ?? [], names, config.maxFallbacks)
}

function limitChain(chain: readonly string[], tried: readonly string[], maxFallbacks: number): readonly string[] {
  return [...new Set(chain)].filter((name) => !tried.includes(name)).slice(0, maxFallbacks)
}

/** The owner learns of a useless entry from the configuration's problems; a client that names one learns it here. */
function addFallback({ name, resolved }: Fallback, chainIndex: number, input: FallbackInput): void {
  const { builder, facts } = input
  if (resolved === undefined) {
    builder.skip(printable(name), 'is not configured or waits for its backend')
    if (facts.requestFallbacks !== undefined) builder.warn(`The fallback ${printable(name)} is not available.`)
  } else if (resolved.kind === 'router') {
    addRouter(resolved, chainIndex, input)
  } else {
    addDeployments(resolved, chainIndex, builder)
  }
}

/** A router as fallback stands for the tier that it chooses for this request. */
function addRouter(router: RouterModel, chainIndex: number, { facts, snapshot, builder }: FallbackInput): void {
  try {
    const { targets } = routeWith(router, facts, snapshot)
    addTargets(router, targets, chainIndex, snapshot, builder)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    builder.skip(router.name, error.code === 'router_disabled' ? 'is off' : 'has no model that is there')
  }
}

function fallbackDenied(name: string): GatewayError {
  return new GatewayError(
    'key_model_access_denied',
    `This key may not use the model ${printable(name)}, which "fallbacks" names. Remove it from the request or have it added to the key.`,
    { param: 'fallbacks' },
  )
}
