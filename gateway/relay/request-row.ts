import type { PricedUsage } from '../ledger/price-book.ts'
import type { AttemptRecord, RequestRecord } from '../ledger/request-record.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Usage } from '../model/usage.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { RelayRequest } from './relay-request.ts'
import { requestSentence } from './request-sentence.ts'

/** How a request ended, as far as the request itself does not say it. */
export interface RequestOutcome {
  readonly candidate: Candidate | undefined
  readonly status: number
  readonly error: GatewayError | undefined
  readonly attempts: readonly AttemptRecord[]
  readonly usage: Usage | null
  readonly price: PricedUsage
  readonly savingsNanoUsd: number | null
  /** What was not reported of its tokens. */
  readonly unreported?: Pick<RequestRecord, 'estimatedNanoUsd' | 'estimatedTokens'>
  readonly firstTokenMs: number | null
  readonly totalMs: number
  readonly warnings: readonly string[]
}

/** The ledger's row of a finished request. Pure. */
export function requestRow(request: RelayRequest, outcome: RequestOutcome): RequestRecord {
  const { caller, facts, plan } = request
  const { candidate } = outcome
  const { decision } = plan
  const errorCode = outcome.error?.code ?? null
  return {
    id: request.callId,
    startedAt: request.startedAt,
    keyId: caller.keyId,
    keyAlias: caller.keyAlias,
    agent: caller.agent,
    sessionId: caller.sessionId,
    endUser: facts.endUser ?? null,
    userId: caller.userId,
    teamId: caller.teamId,
    tags: facts.tags,
    dialect: facts.dialect,
    askedModel: facts.model,
    role: plan.role ?? null,
    purpose: facts.purpose ?? null,
    router: decision?.router ?? null,
    tier: decision?.tier ?? null,
    score: decision?.score ?? null,
    reason: decision?.reason ?? null,
    features: request.features,
    modelName: candidate?.group ?? null,
    deploymentId: candidate?.deployment.id ?? null,
    provider: candidate?.deployment.provider ?? null,
    upstreamModel: candidate?.deployment.upstreamModel ?? null,
    attempts: outcome.attempts,
    ...(plan.skipped.length === 0 ? {} : { skipped: plan.skipped }),
    fallbacks: candidate?.chainIndex ?? 0,
    status: outcome.status,
    errorCode,
    stream: facts.stream,
    usage: outcome.usage,
    costNanoUsd: outcome.price.costNanoUsd,
    ...outcome.unreported,
    priceSource: outcome.price.source,
    billing: outcome.price.billing,
    priceProvenance: outcome.price.provenance,
    savingsNanoUsd: outcome.savingsNanoUsd,
    cache: null,
    firstTokenMs: outcome.firstTokenMs,
    totalMs: outcome.totalMs,
    warnings: [...plan.warnings, ...outcome.warnings],
    explanation: requestSentence(plan, { attempts: outcome.attempts, status: outcome.status, errorCode }),
  }
}
