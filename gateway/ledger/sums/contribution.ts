import { billedCost, type RequestRecord } from '../request-record.ts'
import { hasUnknownCost } from '../request-row.ts'
import { hourOf } from './measures.ts'

/** What one request adds to the sums. */
export interface Contribution {
  readonly hour: number
  /** In the order of `hourDimensions`; '' = none. */
  readonly dimensions: readonly string[]
  readonly keyAlias: string | null
  readonly session: string
  /** '' = none. */
  readonly role: string
  /** Never empty: [''] for a request without tags. */
  readonly tags: readonly string[]
  /** In the order of `measures`. */
  readonly amounts: readonly number[]
}

/** The part of a record that sums are made of. */
export type SummedRecord = Pick<
  RequestRecord,
  | 'startedAt'
  | 'keyId'
  | 'keyAlias'
  | 'agent'
  | 'sessionId'
  | 'endUser'
  | 'userId'
  | 'teamId'
  | 'tags'
  | 'role'
  | 'router'
  | 'tier'
  | 'modelName'
  | 'provider'
  | 'upstreamModel'
  | 'status'
  | 'errorCode'
  | 'usage'
  | 'costNanoUsd'
  | 'estimatedNanoUsd'
  | 'billing'
  | 'firstTokenMs'
  | 'savingsNanoUsd'
  | 'cache'
>

/** Pure. */
export function contributionOf(record: SummedRecord): Contribution {
  return {
    hour: hourOf(Math.round(record.startedAt)),
    dimensions: [
      record.modelName ?? '',
      record.upstreamModel ?? '',
      record.provider ?? '',
      record.router ?? '',
      record.tier ?? '',
      record.keyId,
      record.agent ?? '',
      record.userId ?? record.endUser ?? '',
      record.teamId ?? '',
      record.billing,
    ],
    keyAlias: record.keyAlias,
    session: record.sessionId ?? '',
    role: record.role ?? '',
    tags: record.tags.length === 0 ? [''] : [...new Set(record.tags)],
    amounts: amountsOf(record),
  }
}

function amountsOf(record: SummedRecord): readonly number[] {
  const { usage, billing, savingsNanoUsd } = record
  const cost = record.costNanoUsd ?? 0
  return [
    1,
    one(isFailure(record)),
    one(record.cache === 'hit'),
    usage?.inputTokens ?? 0,
    usage?.cachedTokens ?? 0,
    usage?.cacheWriteTokens ?? 0,
    usage?.outputTokens ?? 0,
    usage?.reasoningTokens ?? 0,
    billedCost(record),
    billing === 'flat_rate' ? cost : 0,
    billing === 'local' ? cost : 0,
    billing === 'demo' ? cost : 0,
    one(hasUnknownCost(record)),
    savingsNanoUsd ?? 0,
    one(savingsNanoUsd !== null),
    one(lacksSavings(record)),
    record.estimatedNanoUsd ?? 0,
  ]
}

function one(isSo: boolean): number {
  return isSo ? 1 : 0
}

function isFailure({ status, errorCode }: SummedRecord): boolean {
  return status >= 400 || errorCode !== null
}

/** A routed answer of a real model whose savings nobody can tell. */
function lacksSavings(record: SummedRecord): boolean {
  const { router, savingsNanoUsd, billing, cache } = record
  return router !== null && savingsNanoUsd === null && billing !== 'demo' && cache === null && !isFailure(record)
}
