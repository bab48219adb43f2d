import type { RequestView } from '../../contract/requests.ts'
import type { RequestRecord } from '../../ledger/request-record.ts'
import type { RunningRequest } from '../../relay/activity.ts'

/** A request from its start on, as the interface shows it. Pure. */
export function runningView(request: RunningRequest): RequestView {
  const { decision } = request
  return {
    id: request.id,
    phase: 'running',
    startedAt: request.startedAt,
    askedModel: request.askedModel,
    model: request.model,
    provider: request.provider,
    router: decision?.router ?? null,
    tier: decision?.tier ?? null,
    score: decision?.score ?? null,
    reason: decision?.reason ?? null,
    agent: request.agent,
    session: request.sessionId,
    keyAlias: request.keyAlias,
    stream: request.stream,
    status: null,
    errorCode: null,
    usage: null,
    costNanoUsd: null,
    priceSource: null,
    firstTokenMs: null,
    totalMs: null,
    attempts: [],
    warnings: [],
  }
}

/** The same once its first output is out. Pure. */
export function withFirstToken(view: RequestView, firstTokenMs: number): RequestView {
  return { ...view, firstTokenMs }
}

/** A row of the ledger. Pure. */
export function finishedView(record: RequestRecord): RequestView {
  return {
    id: record.id,
    phase: 'finished',
    startedAt: record.startedAt,
    askedModel: record.askedModel,
    model: record.modelName,
    provider: record.provider,
    router: record.router,
    tier: record.tier,
    score: record.score,
    reason: record.reason,
    agent: record.agent,
    session: record.sessionId,
    keyAlias: record.keyAlias,
    stream: record.stream,
    status: record.status,
    errorCode: record.errorCode,
    usage: record.usage === null ? null : { ...record.usage },
    costNanoUsd: record.costNanoUsd,
    priceSource: record.priceSource,
    firstTokenMs: record.firstTokenMs,
    totalMs: record.totalMs,
    attempts: record.attempts.map((attempt) => ({ ...attempt })),
    warnings: [...record.warnings],
  }
}
