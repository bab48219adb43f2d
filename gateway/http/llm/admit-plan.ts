import type { Admission, AdmissionTarget, Admitted, AskedWork } from '../../access/admission.ts'
import type { Identity } from '../../access/identity.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import type { Candidate, Plan, RoutingSnapshot, SkippedCandidate } from '../../routing/plan-types.ts'
import { planOnCheapestTier } from './cheapest-tier.ts'

export interface AdmittedPlan {
  readonly kind: 'admitted'
  /** The plan without what the key's limits rule out, or on a cheaper tier. */
  readonly plan: Plan
  readonly headers: Readonly<Record<string, string>>
  readonly finish: Admitted['finish']
}

export interface RefusedPlan {
  readonly kind: 'refused'
  readonly error: GatewayError
  readonly headers: Readonly<Record<string, string>>
}

export interface PlannedRequest {
  readonly facts: RequestFacts
  readonly identity: Identity
  readonly snapshot: RoutingSnapshot
  readonly plan: Plan
  /** False for endpoints whose answers are no text of a model. */
  readonly writesText: boolean
}

/** Holds a planned request against the limits of its key and every budget. Synchronous: what it gives is held from now on. */
export function admitPlan(admission: Admission, request: PlannedRequest): AdmittedPlan | RefusedPlan {
  const asked = askedWork(request)
  const { plan } = request
  const verdict = admission.admit(asked, targetsOf(plan))
  if (verdict.kind === 'admitted') return narrowed(plan, verdict)
  if (!verdict.mayDowngrade || plan.decision === undefined) return verdict
  const cheaper = planOnCheapestTier(request, (target) => admission.estimate(asked, target))
  if (cheaper === undefined) return verdict
  const second = admission.admit(asked, targetsOf(cheaper), true)
  return second.kind === 'admitted' ? narrowed(cheaper, second) : second
}

function askedWork({ facts, identity, snapshot, writesText }: PlannedRequest): AskedWork {
  return {
    identity,
    model: facts.model,
    tags: facts.tags,
    bodyBytes: facts.bodyBytes,
    maxOutputTokens: facts.maxOutputTokens,
    writesText,
    bytesPerToken: snapshot.bytesPerToken,
  }
}

/** What is tried first, or where nothing is free what the request would wait for. */
function targetsOf({ candidates, waiting }: Plan): readonly AdmissionTarget[] {
  return candidates.length > 0 ? candidates : waiting.map(({ candidate }) => candidate)
}

function narrowed(plan: Plan, { refusalOf, headers, warnings, finish }: Admitted): AdmittedPlan {
  const skipped: SkippedCandidate[] = []
  const allowed = (candidate: Candidate): boolean => {
    const reason = refusalOf(candidate)
    if (reason !== undefined) skipped.push({ model: candidate.group, reason })
    return reason === undefined
  }
  const kept = {
    candidates: plan.candidates.filter(allowed),
    onContextWindow: plan.onContextWindow.filter(allowed),
    onContentPolicy: plan.onContentPolicy.filter(allowed),
    waiting: plan.waiting.filter(({ candidate }) => allowed(candidate)),
  }
  const changed = skipped.length > 0 || warnings.length > 0
  return {
    kind: 'admitted',
    plan: changed
      ? { ...plan, ...kept, skipped: [...plan.skipped, ...skipped], warnings: [...plan.warnings, ...warnings] }
      : plan,
    headers,
    finish,
  }
}
