import type { GatewayError } from '../model/errors.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { printable, resolveAllowedModel } from './model-access.ts'
import { createPlanBuilder } from './plan-builder.ts'
import { addFallbacks } from './plan-fallbacks.ts'
import { addDeployments, addTargets, routeWith } from './plan-targets.ts'
import type { Plan, RoutingSnapshot } from './plan-types.ts'

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

/** A plan that may lead nowhere, and then says so: what a router decided is worth telling all the same. */
export interface PlanOutline extends Plan {
  /** `provider_key_missing` (nothing is left but deployments without a key) or `backend_unavailable`. */
  readonly refusal: GatewayError | undefined
}

/**
 * The same, but gives a plan without candidates together with its refusal.
 *
 * Throws GatewayError: `invalid_field` (a URL as model), `model_not_found`, `key_model_access_denied`, `router_disabled`,
 * `backend_unavailable` (a router without any tier).
 */
export function outline(facts: RequestFacts, snapshot: RoutingSnapshot): PlanOutline {
  const asked = resolveAllowedModel(facts.model, snapshot)
  const builder = createPlanBuilder(snapshot.random)
  if (asked.kind !== 'router') {
    addDeployments(asked, 0, builder)
    addFallbacks({ asked, chosen: [asked.name], facts, snapshot, builder })
    return { asked: facts.model, ...builder.finish(printable(facts.model)), decision: undefined }
  }
  const { decision, features, targets, warning } = routeWith(asked, facts, snapshot)
  const chosen = addTargets(asked, targets, 0, snapshot, builder)
  if (warning !== undefined) builder.warn(warning)
  addFallbacks({ asked, chosen, facts, snapshot, builder })
  const outcome = { asked: facts.model, ...builder.finish(printable(facts.model)), decision }
  return features === undefined ? outcome : { ...outcome, features }
}
