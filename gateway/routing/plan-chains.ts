import type { GatewayConfig } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { type CostLimit, costLimit } from './cost-limit.ts'
import { mayUse } from './may-use.ts'
import { createPlanBuilder, type PlanBuilder } from './plan-builder.ts'
import { addDeployments, addTargets, type RouterModel, routeWith } from './plan-targets.ts'
import type { Candidate, RoutingSnapshot } from './plan-types.ts'
import { printable } from './printable.ts'
import { type ResolvedModel, resolveConfigured, resolveModel } from './resolve-model.ts'

export interface ChainInput {
  readonly asked: ResolvedModel
  /** Groups already in the plan. */
  readonly chosen: readonly string[]
  readonly facts: RequestFacts
  readonly snapshot: RoutingSnapshot
  readonly builder: PlanBuilder
}

/** The kinds of chains: for any failure, for a request that is too long, for content that is refused. */
export type ChainKind = 'fallbacks' | 'contextWindow' | 'contentPolicy'

interface Chain {
  readonly names: readonly string[]
  /** Named by the request: its key must be allowed to use each, and a useless one is told. */
  readonly ofRequest: boolean
  /** What the request's entries change for their models. */
  readonly changes?: ReadonlyMap<string, JsonObject> | undefined
}

/** Where a request and a configuration name their chains, and what a request calls the field. */
const sources = {
  fallbacks: {
    param: 'fallbacks',
    ofRequest: (facts: RequestFacts) => facts.requestFallbacks,
    ofConfig: (config: GatewayConfig) => config.fallbacks,
  },
  contextWindow: {
    param: 'context_window_fallbacks',
    ofRequest: (facts: RequestFacts) => facts.controls.contextWindowFallbacks,
    ofConfig: (config: GatewayConfig) => config.contextWindowFallbacks,
  },
  contentPolicy: {
    param: 'content_policy_fallbacks',
    ofRequest: (facts: RequestFacts) => facts.controls.contentPolicyFallbacks,
    ofConfig: (config: GatewayConfig) => config.contentPolicyFallbacks,
  },
} as const

/**
 * Adds the fallback groups after the chosen ones. Those that the request names replace the configured ones. A group
 * that turns out to be unusable keeps its place in the chain. When the request is too long for everything chosen, the
 * chain for that comes first. Throws `key_model_access_denied` for a name in the request that its key may not use.
 */
export function addFallbacks(input: ChainInput): void {
  const general = readChain('fallbacks', input)
  const first = input.builder.isTooLong ? readChain('contextWindow', input) : undefined
  if (first === undefined || first.names.length === 0) return addChain(general, input)
  const names = limit([...first.names, ...(general?.names ?? [])], input)
  const ofRequest = first.ofRequest || general?.ofRequest === true
  addChain({ names, ofRequest, changes: new Map([...(general?.changes ?? []), ...(first.changes ?? [])]) }, input)
}

/** The candidates of one of the other chains; none when neither request nor file has such a chain for this model. */
export function otherChain(kind: Exclude<ChainKind, 'fallbacks'>, input: ChainInput): readonly Candidate[] {
  const chain = readChain(kind, input)
  if (chain === undefined || chain.names.length === 0) return nothing
  const builder = createPlanBuilder(input.facts, input.snapshot)
  addChain(chain, { ...input, builder })
  return builder.candidates
}

const nothing: readonly Candidate[] = []

/** True when the request or the file names a chain of this kind for the asked model. */
export function hasChain(kind: ChainKind, input: ChainInput): boolean {
  return (readChain(kind, input)?.names.length ?? 0) > 0
}

/** Undefined when nobody names a chain of this kind; an empty one says that there is to be none. */
function readChain(kind: ChainKind, input: ChainInput): Chain | undefined {
  const { asked, chosen, facts, snapshot } = input
  const source = sources[kind]
  const named = source.ofRequest(facts)
  if (named !== undefined) {
    const names = limit(named, input)
    for (const name of names) {
      if (!mayUse(name, resolveModel(name, snapshot), snapshot)) throw fallbackDenied(name, source.param)
    }
    return { names, ofRequest: true, changes: facts.chainChanges?.[kind] }
  }
  const own = kind === 'fallbacks' ? asked.role?.fallbacks : undefined
  if (own !== undefined && own.length > 0) return { names: limit(own, input), ofRequest: false }
  // A deployment asked for by id means exactly that one, and a demo model never turns into a real, paid one.
  if (asked.kind === 'deployment' || asked.isDemo) return undefined
  const chains = source.ofConfig(snapshot.config)
  if (chains.size === 0) return undefined
  const entry = entryNames(facts.model, asked, chosen).find((name) => chains.has(name)) ?? '*'
  const names = chains.get(entry)
  return names === undefined ? undefined : { names: limit(names, input), ofRequest: false }
}

/** Whose entry counts, first to last: the asked name, what it stands for, its pattern, the chosen groups, then each without its provider. */
function entryNames(model: string, asked: ResolvedModel, chosen: readonly string[]): string[] {
  const pattern = asked.kind === 'group' && asked.pattern !== undefined ? [asked.pattern] : []
  const names = [model, asked.name, ...pattern, ...chosen]
  return [...names, ...names.filter((name) => name.includes('/')).map((name) => name.slice(name.indexOf('/') + 1))]
}

/** Without what is in the plan already; as long as the file and the request allow. */
function limit(chain: readonly string[], { asked, chosen, facts, snapshot }: ChainInput): readonly string[] {
  const tried = new Set([facts.model, asked.name, ...chosen])
  const most = Math.min(snapshot.config.maxFallbacks, facts.controls.maxFallbacks ?? Infinity)
  return [...new Set(chain)].filter((name) => !tried.has(name)).slice(0, most)
}

function addChain(chain: Chain | undefined, input: ChainInput): void {
  if (chain === undefined || chain.names.length === 0) return
  const { chosen, snapshot } = input
  const dearest = costLimit(
    chosen.flatMap((name) => deploymentsOf(resolveConfigured(name, snapshot))),
    snapshot,
  )
  for (const [index, name] of chain.names.entries()) {
    const resolved = chain.ofRequest ? resolveModel(name, snapshot) : resolveConfigured(name, snapshot)
    const { ofRequest, changes } = chain
    const place = { chainIndex: index + 1, costLimit: dearest, changes: changes?.get(name) }
    addFallback(name, resolved, { ...input, ...place, ofRequest })
  }
}

function deploymentsOf(resolved: ResolvedModel | undefined) {
  if (resolved === undefined || resolved.kind === 'router') return []
  return resolved.kind === 'group' ? resolved.deployments : [resolved.deployment]
}

interface FallbackPlace extends ChainInput {
  readonly chainIndex: number
  readonly costLimit: CostLimit | undefined
  readonly changes: JsonObject | undefined
  readonly ofRequest: boolean
}

/** The owner learns of a useless entry from the configuration's problems; a client that names one learns it here. */
function addFallback(name: string, resolved: ResolvedModel | undefined, place: FallbackPlace): void {
  const { builder } = place
  if (resolved === undefined) {
    builder.skip(printable(name), 'is not configured or waits for its backend')
    if (place.ofRequest) builder.warn(`The fallback ${printable(name)} is not available.`)
  } else if (resolved.kind === 'router') {
    addRouter(resolved, place)
  } else {
    if (place.ofRequest && resolved.kind === 'group' && resolved.deployments.length === 0)
      builder.warn(`The fallback ${printable(name)} is not available.`)
    addDeployments(resolved, place, place.snapshot, builder)
  }
}

/** A router as fallback stands for the tier that it chooses for this request. */
function addRouter(router: RouterModel, place: FallbackPlace): void {
  const { builder, facts, snapshot } = place
  try {
    const { targets } = routeWith(router, facts, snapshot)
    addTargets(router, targets, place, snapshot, builder)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    builder.skip(router.name, error.code === 'router_disabled' ? 'is off' : 'has no model that is there')
  }
}

function fallbackDenied(name: string, param: string): GatewayError {
  return new GatewayError(
    'key_model_access_denied',
    `This key may not use the model ${printable(name)}, which "${param}" names. Remove it from the request or have it added to the key.`,
    { param },
  )
}
