import { type ErrorCode, errorCatalogue } from '../model/errors.ts'
import type { Dialect } from '../model/dialect.ts'
import type { RequestRecord } from './request-record.ts'
import { hasUnknownCost } from './request-row.ts'

/** LiteLLM's name for each kind of call. */
const callTypes: Readonly<Record<Dialect, string>> = {
  'chat-completions': 'acompletion',
  responses: 'aresponses',
  messages: 'anthropic_messages',
  gemini: 'agenerate_content',
}

/**
 * One row of `GET /spend/logs` in LiteLLM's shape. Deviations, all for honesty's sake: `spend` is null, not 0, where the
 * price is not known, and token counts are null where an answer came without them. A refused request did cost 0.
 * Prompts and answers are not kept: `messages` and `response` are empty.
 */
export function toSpendLog(record: RequestRecord) {
  const { usage } = record
  const unknownCount = hasUnknownCost(record) ? null : 0
  const failed = record.status >= 400 || record.errorCode !== null
  return {
    request_id: record.id,
    call_type: callTypes[record.dialect],
    api_key: record.keyId,
    spend: spendOf(record, unknownCount),
    total_tokens: usage === null ? unknownCount : usage.inputTokens + usage.outputTokens,
    prompt_tokens: usage === null ? unknownCount : usage.inputTokens,
    completion_tokens: usage === null ? unknownCount : usage.outputTokens,
    startTime: isoTime(record.startedAt),
    endTime: isoTime(record.startedAt + record.totalMs),
    completionStartTime: record.firstTokenMs === null ? null : isoTime(record.startedAt + record.firstTokenMs),
    request_duration_ms: Math.round(record.totalMs),
    model: record.upstreamModel ?? record.askedModel,
    model_id: record.deploymentId ?? '',
    model_group: record.modelName ?? record.askedModel,
    custom_llm_provider: record.provider ?? '',
    api_base: '',
    user: record.userId ?? record.endUser ?? '',
    metadata: metadataOf(record),
    cache_hit: record.cache === 'hit' ? 'True' : 'False',
    cache_key: 'Cache OFF',
    request_tags: record.tags,
    team_id: record.teamId,
    organization_id: null,
    end_user: record.endUser ?? '',
    requester_ip_address: null,
    messages: {},
    response: {},
    session_id: record.sessionId,
    status: failed ? 'failure' : 'success',
    agent_id: record.agent,
  }
}

function metadataOf(record: RequestRecord) {
  const { usage, router } = record
  return {
    user_api_key_alias: record.keyAlias,
    asked_model: record.askedModel,
    role: record.role ?? null,
    purpose: record.purpose ?? null,
    status: record.status,
    stream: record.stream,
    usage_object: usage === null ? null : usageObject(usage),
    cost_nano_usd: record.costNanoUsd,
    estimated_nano_usd: record.estimatedNanoUsd ?? 0,
    billing: record.billing,
    price_provenance: record.priceProvenance,
    savings_nano_usd: record.savingsNanoUsd,
    price_source: record.priceSource,
    routing_decision:
      router === null ? null : { router, tier: record.tier, score: record.score, reason: record.reason },
    attempts: record.attempts,
    attempted_fallbacks: record.fallbacks,
    error_information:
      record.errorCode === null ? null : { error_code: errorStatus(record), error_class: record.errorCode },
    warnings: record.warnings,
  }
}

/** What is not paid per token costs nothing; `cost_nano_usd` then holds the equivalent. */
function spendOf(record: RequestRecord, unknown: number | null): number | null {
  if (record.billing === 'flat_rate' || record.billing === 'local') return 0
  return record.costNanoUsd === null ? unknown : record.costNanoUsd / 1e9
}

/** A stream that broke off had status 200 by then; its error has the status it would have been answered with. */
function errorStatus({ status, errorCode }: RequestRecord): string {
  if (status >= 400 || errorCode === null || !(errorCode in errorCatalogue)) return String(status)
  return String(errorCatalogue[errorCode as ErrorCode].status)
}

function usageObject(usage: NonNullable<RequestRecord['usage']>) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens, cache_creation_tokens: usage.cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  }
}

function isoTime(at: number): string {
  return new Date(at).toISOString()
}
