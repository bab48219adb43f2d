import type { Deployment } from '../config/gateway-config.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { type ContextMisfit, proveMisfit } from './context-fit.ts'
import type { DeploymentCondition, RoutingSnapshot } from './plan-types.ts'
import { printable } from './printable.ts'

/** Why a deployment is not a candidate now. `reason` is a sentence part: `is cooled for 12 s after failures`. */
export type Hindrance =
  | { readonly kind: 'no_key'; readonly reason: string; readonly names: readonly string[] }
  | { readonly kind: 'tags' | 'too_dear' | 'over_budget' | 'down'; readonly reason: string }
  | { readonly kind: 'too_long'; readonly reason: string; readonly misfit: ContextMisfit }
  /** Only out for a while. `until` in ms since the epoch; absent = when a running request ends. */
  | { readonly kind: 'full' | 'rate_limited' | 'cooled'; readonly reason: string; readonly until: number | undefined }

/** What hinders a deployment, the lasting things first; undefined when it may be tried. */
export function findHindrance(
  deployment: Deployment,
  facts: RequestFacts,
  snapshot: RoutingSnapshot,
  condition: DeploymentCondition | undefined,
): Hindrance | undefined {
  const { apiKey } = deployment
  if (apiKey.kind === 'missing') {
    return { kind: 'no_key', reason: `${apiKey.names.join(' or ')} is not set`, names: apiKey.names }
  }
  if (snapshot.config.preCallChecks) {
    const misfit = proveMisfit(facts, deployment)
    if (misfit !== undefined) return { kind: 'too_long', reason: misfitText(misfit), misfit }
  }
  return condition === undefined ? undefined : hindranceOf(condition, snapshot.now)
}

function hindranceOf(condition: DeploymentCondition, now: number): Hindrance | undefined {
  const { down, overBudget, full, cooledUntil, cooledBy } = condition
  if (down !== undefined) return { kind: 'down', reason: down.reason }
  if (overBudget !== undefined) return { kind: 'over_budget', reason: overBudget.reason }
  if (cooledUntil !== undefined && cooledUntil > now) {
    const wait = waitText(cooledUntil - now)
    return cooledBy === 'rate_limit'
      ? { kind: 'rate_limited', reason: `is rate-limited for ${wait}`, until: cooledUntil }
      : { kind: 'cooled', reason: `is cooled for ${wait} after failures`, until: cooledUntil }
  }
  if (full !== undefined && (full.until === undefined || full.until > now)) {
    const rest = full.until === undefined ? '' : `, for ${waitText(full.until - now)}`
    return { kind: 'full', reason: `is full (${full.limit}${rest})`, until: full.until }
  }
  return undefined
}

/** A deployment whose tags do not match those of the request. */
export function tagHindrance(tags: readonly string[]): Hindrance {
  const reason =
    tags.length === 0
      ? 'is for requests with its tags'
      : `does not have the tags ${tags.map((tag) => printable(tag)).join(', ')}`
  return { kind: 'tags', reason }
}

/** `has room for 8192 tokens, the request has at least 20000`. */
export function misfitText({ atLeast, output, window }: ContextMisfit): string {
  const wanted = output === 0 ? '' : ` and asks for ${output} more`
  return `has room for ${window} tokens, the request has at least ${atLeast}${wanted}`
}

/** A wait for people: `800 ms`, `12 s`, `5 min`, `3 h`. */
export function waitText(ms: number): string {
  if (ms < 1000) return `${Math.max(1, Math.ceil(ms))} ms`
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}
