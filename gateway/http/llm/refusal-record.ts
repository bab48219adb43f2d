import type { RequestRecord } from '../../ledger/request-record.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import type { Caller } from '../../relay/relay-request.ts'

export interface Refusal {
  readonly callId: string
  readonly startedAt: number
  readonly totalMs: number
  readonly caller: Caller
  readonly facts: RequestFacts
  readonly error: GatewayError
}

/** The ledger's row of a request that was read but never sent anywhere: unknown model, router off, model not allowed. */
export function refusalRecord({ callId, startedAt, totalMs, caller, facts, error }: Refusal): RequestRecord {
  return {
    id: callId,
    startedAt,
    keyId: caller.keyId,
    keyAlias: caller.keyAlias,
    agent: caller.agent,
    sessionId: caller.sessionId,
    endUser: facts.endUser ?? null,
    tags: facts.tags,
    dialect: facts.dialect,
    // The client chose this text; a name longer than any real one is cut.
    askedModel: facts.model.slice(0, 400),
    router: null,
    tier: null,
    score: null,
    reason: null,
    features: null,
    modelName: null,
    deploymentId: null,
    provider: null,
    upstreamModel: null,
    attempts: [],
    fallbacks: 0,
    status: error.status,
    errorCode: error.code,
    stream: facts.stream,
    usage: null,
    costNanoUsd: null,
    priceSource: 'unknown',
    firstTokenMs: null,
    totalMs,
    warnings: [],
  }
}
