import type { RequestView } from '../contract/requests.ts'
import type { RequestPurpose } from '../model/request-facts.ts'
import type { Tier } from '../model/tier.ts'
import type { RequestRecord } from './request-record.ts'

/** A request that has not ended, as far as its view needs it. */
export interface RunningRequestState {
  readonly id: string
  readonly startedAt: number
  readonly askedModel: string
  readonly role: string | null
  readonly purpose: RequestPurpose | null
  /** The model tried first; null when none was chosen. */
  readonly model: string | null
  readonly provider: string | null
  readonly decision:
    | { readonly router: string; readonly tier: Tier; readonly score: number | null; readonly reason: string }
    | undefined
  readonly agent: string | null
  readonly sessionId: string | null
  readonly keyAlias: string | null
  readonly stream: boolean
}

/** A row of the ledger as the interface shows it. */
export function requestView(record: RequestRecord): RequestView {
  return {
    id: record.id,
    phase: 'finished',
    startedAt: record.startedAt,
    askedModel: record.askedModel,
    role: record.role ?? null,
    purpose: record.purpose ?? null,
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
    ...(record.estimatedNanoUsd === undefined ? {} : { estimatedNanoUsd: record.estimatedNanoUsd }),
    priceSource: record.priceSource,
    firstTokenMs: record.firstTokenMs,
    totalMs: record.totalMs,
    attempts: record.attempts.map((attempt) => ({ ...attempt })),
    warnings: [...record.warnings],
    explanation: record.explanation,
  }
}

/** A request that has started and given no output yet. */
export function runningView(request: RunningRequestState): RequestView {
  const { decision } = request
  return {
    id: request.id,
    phase: 'running',
    startedAt: request.startedAt,
    askedModel: request.askedModel,
    role: request.role,
    purpose: request.purpose,
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
    explanation: null,
  }
}

/** The same running request once its first output reached the client, `firstTokenMs` ms after its arrival. */
export function withFirstToken(view: RequestView, firstTokenMs: number): RequestView {
  return { ...view, firstTokenMs }
}
