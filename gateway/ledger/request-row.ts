import type { Dialect } from '../model/dialect.ts'
import type { JsonObject } from '../model/json.ts'
import type { RequestPurpose } from '../model/request-facts.ts'
import type { Tier } from '../model/tier.ts'
import { pricingDetails } from '../model/usage.ts'
import type { AttemptRecord, Billing, PriceSource, RequestRecord, SkippedRecord } from './request-record.ts'

/** A row of the table `requests`, as SQLite gives it. */
export interface RequestRow {
  readonly id: string
  readonly started_at: number
  readonly key_id: string
  readonly key_alias: string | null
  readonly agent: string | null
  readonly session_id: string | null
  readonly end_user: string | null
  readonly tags: string
  readonly dialect: Dialect
  readonly asked_model: string
  readonly router: string | null
  readonly tier: Tier | null
  readonly score: number | null
  readonly reason: string | null
  readonly features: string | null
  readonly model_name: string | null
  readonly deployment_id: string | null
  readonly provider: string | null
  readonly upstream_model: string | null
  readonly attempts: string
  readonly fallbacks: number
  readonly status: number
  readonly error_code: string | null
  readonly stream: number
  readonly input_tokens: number | null
  readonly cached_tokens: number | null
  readonly cache_write_tokens: number | null
  readonly output_tokens: number | null
  readonly reasoning_tokens: number | null
  readonly cost_nano_usd: number | null
  readonly price_source: PriceSource
  readonly first_token_ms: number | null
  readonly total_ms: number
  readonly warnings: string
  readonly user_id: string | null
  readonly team_id: string | null
  readonly billing: Billing
  readonly price_provenance: string
  readonly savings_nano_usd: number | null
  readonly cache: 'hit' | null
  readonly cache_write_1h_tokens: number | null
  readonly service_tier: string | null
  readonly explanation: string | null
  readonly role: string | null
  readonly purpose: RequestPurpose | null
  readonly estimated_nano_usd: number
  readonly skipped: string | null
}

/** Column order of inserts: `toValues` follows it. */
export const requestColumns = [
  'id',
  'started_at',
  'key_id',
  'key_alias',
  'agent',
  'session_id',
  'end_user',
  'tags',
  'dialect',
  'asked_model',
  'router',
  'tier',
  'score',
  'reason',
  'features',
  'model_name',
  'deployment_id',
  'provider',
  'upstream_model',
  'attempts',
  'fallbacks',
  'status',
  'error_code',
  'stream',
  'input_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'price_source',
  'first_token_ms',
  'total_ms',
  'warnings',
  'user_id',
  'team_id',
  'billing',
  'price_provenance',
  'savings_nano_usd',
  'cache',
  'cache_write_1h_tokens',
  'service_tier',
  'explanation',
  'role',
  'purpose',
  'estimated_nano_usd',
  'skipped',
] as const satisfies readonly (keyof RequestRow)[]

/**
 * An answer was given, or may have been, but its cost is not known: a success without a price or without usage, an
 * answer cut after its first output, a client that left while the upstream worked. A refusal cost nothing and does not count,
 * nor does what is not paid per token.
 */
export const costIsUnknown = `cost_nano_usd IS NULL AND billing = 'billed' AND (status < 400 OR status = 499 OR first_token_ms IS NOT NULL)`

/** The same rule for a record in memory. */
export function hasUnknownCost(
  record: Pick<RequestRecord, 'costNanoUsd' | 'billing' | 'status' | 'firstTokenMs'>,
): boolean {
  if (record.costNanoUsd !== null || record.billing !== 'billed') return false
  return record.status < 400 || record.status === 499 || record.firstTokenMs !== null
}

export type ColumnValue = string | number | null

/** The values of one row, in the order of `requestColumns`. */
export function toValues(record: RequestRecord): ColumnValue[] {
  const usage = record.usage
  return [
    record.id,
    Math.round(record.startedAt),
    record.keyId,
    record.keyAlias,
    record.agent,
    record.sessionId,
    record.endUser,
    listText(record.tags),
    record.dialect,
    record.askedModel,
    record.router,
    record.tier,
    record.score,
    record.reason,
    record.features === null ? null : JSON.stringify(record.features),
    record.modelName,
    record.deploymentId,
    record.provider,
    record.upstreamModel,
    JSON.stringify(record.attempts),
    record.fallbacks,
    record.status,
    record.errorCode,
    record.stream ? 1 : 0,
    usage === null ? null : usage.inputTokens,
    usage === null ? null : usage.cachedTokens,
    usage === null ? null : usage.cacheWriteTokens,
    usage === null ? null : usage.outputTokens,
    usage === null ? null : usage.reasoningTokens,
    record.costNanoUsd,
    record.priceSource,
    record.firstTokenMs,
    record.totalMs,
    listText(record.warnings),
    record.userId,
    record.teamId,
    record.billing,
    record.priceProvenance,
    record.savingsNanoUsd,
    record.cache,
    usage?.cacheWrite1hTokens ?? null,
    usage?.serviceTier ?? null,
    record.explanation,
    record.role ?? null,
    record.purpose ?? null,
    record.estimatedNanoUsd ?? 0,
    record.skipped === undefined || record.skipped.length === 0 ? null : JSON.stringify(record.skipped),
  ]
}

/** Most lists are empty. */
function listText(list: readonly string[]): string {
  return list.length === 0 ? '[]' : JSON.stringify(list)
}

const keyIdAt = requestColumns.indexOf('key_id')
const costAt = requestColumns.indexOf('cost_nano_usd')
const billingAt = requestColumns.indexOf('billing')
const estimatedAt = requestColumns.indexOf('estimated_nano_usd')

/** What a row says about money, read back from its values. */
export function readSpend(
  values: readonly ColumnValue[],
): Pick<RequestRecord, 'keyId' | 'costNanoUsd' | 'billing' | 'estimatedNanoUsd'> {
  return {
    keyId: values[keyIdAt] as string,
    costNanoUsd: values[costAt] as number | null,
    billing: values[billingAt] as Billing,
    estimatedNanoUsd: values[estimatedAt] as number,
  }
}

/** The record a row was made from. */
export function toRecord(row: RequestRow): RequestRecord {
  return {
    id: row.id,
    startedAt: row.started_at,
    keyId: row.key_id,
    keyAlias: row.key_alias,
    agent: row.agent,
    sessionId: row.session_id,
    endUser: row.end_user,
    tags: JSON.parse(row.tags) as string[],
    dialect: row.dialect,
    askedModel: row.asked_model,
    role: row.role,
    purpose: row.purpose,
    router: row.router,
    tier: row.tier,
    score: row.score,
    reason: row.reason,
    features: row.features === null ? null : (JSON.parse(row.features) as JsonObject),
    modelName: row.model_name,
    deploymentId: row.deployment_id,
    provider: row.provider,
    upstreamModel: row.upstream_model,
    attempts: JSON.parse(row.attempts) as AttemptRecord[],
    ...(row.skipped === null ? {} : { skipped: JSON.parse(row.skipped) as SkippedRecord[] }),
    fallbacks: row.fallbacks,
    status: row.status,
    errorCode: row.error_code,
    stream: row.stream === 1,
    usage: readUsage(row),
    costNanoUsd: row.cost_nano_usd,
    ...(row.estimated_nano_usd === 0 ? {} : { estimatedNanoUsd: row.estimated_nano_usd }),
    priceSource: row.price_source,
    firstTokenMs: row.first_token_ms,
    totalMs: row.total_ms,
    warnings: JSON.parse(row.warnings) as string[],
    userId: row.user_id,
    teamId: row.team_id,
    billing: row.billing,
    priceProvenance: row.price_provenance,
    savingsNanoUsd: row.savings_nano_usd,
    cache: row.cache,
    explanation: row.explanation,
  }
}

/** The token columns are null together or not at all. */
export function readUsage(row: Pick<RequestRow, UsageColumn>): RequestRecord['usage'] {
  if (row.input_tokens === null) return null
  return {
    inputTokens: row.input_tokens,
    cachedTokens: row.cached_tokens ?? 0,
    cacheWriteTokens: row.cache_write_tokens ?? 0,
    outputTokens: row.output_tokens ?? 0,
    reasoningTokens: row.reasoning_tokens ?? 0,
    ...pricingDetails(row.cache_write_1h_tokens ?? 0, row.service_tier ?? undefined),
  }
}

type UsageColumn =
  | 'input_tokens'
  | 'cached_tokens'
  | 'cache_write_tokens'
  | 'cache_write_1h_tokens'
  | 'output_tokens'
  | 'reasoning_tokens'
  | 'service_tier'
