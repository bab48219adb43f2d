import type { Role } from '../config/role.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { awaitedReason } from './awaited-models.ts'
import { longerRequests } from './longer-requests.ts'
import { resolveAskedModel } from './model-access.ts'
import { createPlanBuilder, type PlanBuilder } from './plan-builder.ts'
import { addFallbacks, type ChainInput, hasChain, otherChain } from './plan-chains.ts'
import { addDeployments, addTargets, type RouterModel, routeWith } from './plan-targets.ts'
import type { Candidate, Plan, RoutingSnapshot } from './plan-types.ts'
import { printable } from './printable.ts'
import type { ResolvedModel } from './resolve-model.ts'
import { addRoomierTier } from './roomier-tier.ts'

/**
 * Decides what to try for a request, in which order, and why. Pure: the same facts and snapshot give the same plan.
 *
 * Throws GatewayError as `outline` does, and its refusal.
 */
export function plan(facts: RequestFacts, snapshot: RoutingSnapshot): Plan {
  const outlined = outline(facts, snapshot)
  if (outlined.refusal !== undefined) throw outlined.refusal
  return outlined
}

/**
 * The same for a question about a request and not the request itself (counting its tokens): its length is no hindrance.
 * Throws as `plan` does.
 */
export function planQuestion(facts: RequestFacts, snapshot: RoutingSnapshot): Plan {
  return plan({ ...facts, bodyBytes: 0 }, snapshot)
}

/**
 * The same, but gives a plan without candidates together with its refusal: what a router decided is worth telling all the
 * same, and there may be something to wait for.
 *
 * Throws GatewayError: `invalid_field` (a URL as model), `model_not_found`, `key_model_access_denied`, `router_disabled`,
 * `backend_unavailable` (a router without any tier).
 */
export function outline(facts: RequestFacts, snapshot: RoutingSnapshot): Plan {
  return outlineResolved(resolveAskedModel(facts, snapshot), facts, snapshot)
}

/** The same for a name that was looked up and may be used. */
export function outlineResolved(asked: ResolvedModel, facts: RequestFacts, snapshot: RoutingSnapshot): Plan {
  const builder = createPlanBuilder(facts, snapshot)
  const { chosen, ...outcome } = makeRoom(choose(asked, facts, snapshot, builder), { asked, facts, snapshot, builder })
  const failFast = failsFast(chosen, asked, snapshot)
  const input: ChainInput = { asked, chosen, facts, snapshot, builder }
  if (!failFast) addFallbacks(input)
  const collected = builder.finish(printable(facts.model), failFast)
  return {
    asked: facts.model,
    ...(asked.role === undefined ? {} : { role: asked.role.name }),
    ...collected,
    onContextWindow: failFast ? nothing : longerRequests(otherChain('contextWindow', input), collected.candidates),
    onContentPolicy: failFast ? nothing : otherChain('contentPolicy', input),
    failFast,
    ...outcome,
  }
}

const nothing: readonly Candidate[] = []

type Choice = Pick<Plan, 'decision' | 'features'> & { readonly chosen: readonly string[] }

/** Adds what the asked name stands for, at the head of the chain. */
function choose(asked: ResolvedModel, facts: RequestFacts, snapshot: RoutingSnapshot, builder: PlanBuilder): Choice {
  if (asked.kind !== 'router') {
    if (isUnknown(asked, snapshot))
      builder.warn(`${printable(asked.name)} is not configured: the default fallbacks answer.`)
    addDeployments(asked, head, snapshot, builder)
    return { decision: undefined, chosen: [asked.name] }
  }
  return chooseTier(asked, facts, snapshot, builder)
}

const head = { chainIndex: 0, costLimit: undefined } as const

function chooseTier(asked: RouterModel, facts: RequestFacts, snapshot: RoutingSnapshot, builder: PlanBuilder): Choice {
  const reason = asked.role === undefined ? undefined : standsIn(asked, asked.role, snapshot)
  if (reason !== undefined) {
    builder.skip(asked.name, 'is off')
    builder.warn(reason)
    return { decision: undefined, chosen: [] }
  }
  const { decision, features, targets, warning } = routeWith(asked, facts, snapshot)
  const chosen = addTargets(asked, targets, head, snapshot, builder)
  if (warning !== undefined) builder.warn(warning)
  return features === undefined ? { decision, chosen } : { decision, chosen, features }
}

/** Why the fallbacks of a role answer without its router: their owner wrote them for that. Undefined = the router decides. */
function standsIn({ name }: RouterModel, role: Role, { switches }: RoutingSnapshot): string | undefined {
  if (role.fallbacks.length === 0 || switches.get(name)?.mode !== 'off') return undefined
  return `Router ${name} is off: the fallbacks of ${role.name} answer.`
}

/** A chain that somebody wrote for requests that are too long comes before another tier. */
function makeRoom(choice: Choice, input: Omit<ChainInput, 'chosen'>): Choice {
  const { asked, builder, snapshot } = input
  if (asked.kind !== 'router' || choice.decision === undefined || !builder.isTooLong) return choice
  if (hasChain('contextWindow', { ...input, chosen: choice.chosen })) return choice
  return { ...choice, ...addRoomierTier(asked, choice.decision, snapshot, builder) }
}

/** What only default fallbacks can answer. A role whose model is not there has its own. */
function isUnknown(asked: ResolvedModel, { config }: RoutingSnapshot): boolean {
  if (asked.kind !== 'group' || asked.deployments.length > 0) return false
  return asked.role === undefined && awaitedReason(asked.name, config) === undefined
}

/** A model fails fast when any of its entries says so. */
function failsFast(chosen: readonly string[], asked: ResolvedModel, { config }: RoutingSnapshot): boolean {
  if (asked.kind === 'deployment') return asked.deployment.failFast
  if (asked.kind === 'group') return asked.deployments.some((deployment) => deployment.failFast)
  const [first] = chosen
  const group = first === undefined ? undefined : config.groups.get(first)
  return group?.some((deployment) => deployment.failFast) === true
}
