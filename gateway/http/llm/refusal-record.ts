import { type RequestRecord, unpriced } from '../../ledger/request-record.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import type { Caller } from '../../relay/relay-request.ts'
import { requestSentence } from '../../relay/request-sentence.ts'
import type { Plan } from '../../routing/plan-types.ts'

export interface Refusal {
  readonly callId: string
  readonly startedAt: number
  readonly totalMs: number
  readonly caller: Caller
  readonly facts: RequestFacts
  /** Undefined when the request was refused before there was one. */
  readonly plan: Plan | undefined
  readonly error: GatewayError
}

/** The ledger's row of a request that was read but never sent anywhere: unknown model, router off, model not allowed, no provider key. */
export function refusalRecord({ callId, startedAt, totalMs, caller, facts, plan, error }: Refusal): RequestRecord {
  const decision = plan?.decision
  return {
    id: callId,
    startedAt,
    keyId: caller.keyId,
    keyAlias: caller.keyAlias,
    agent: caller.agent,
    sessionId: caller.sessionId,
    endUser: facts.endUser ?? null,
    userId: caller.userId,
    teamId: caller.teamId,
    tags: facts.tags,
    dialect: facts.dialect,
    // The client chose this text; a name longer than any real one is cut.
    askedModel: facts.model.slice(0, 400),
    role: plan?.role ?? null,
    purpose: facts.purpose ?? null,
    router: decision?.router ?? null,
    tier: decision?.tier ?? null,
    score: decision?.score ?? null,
    reason: decision?.reason ?? null,
    features: plan?.features ?? null,
    modelName: null,
    deploymentId: null,
    provider: null,
    upstreamModel: null,
    attempts: [],
    ...(plan === undefined || plan.skipped.length === 0 ? {} : { skipped: plan.skipped }),
    fallbacks: 0,
    status: error.status,
    errorCode: error.code,
    stream: facts.stream,
    usage: null,
    ...unpriced,
    firstTokenMs: null,
    totalMs,
    warnings: plan?.warnings ?? [],
    explanation: requestSentence(plan, { attempts: [], status: error.status, errorCode: error.code }),
  }
}
