import { createHash } from 'node:crypto'
import { billedCost, type AttemptRecord, type RequestRecord } from '../../ledger/request-record.ts'
import type { Usage } from '../../model/usage.ts'

/** A span as OTLP's JSON encoding wants it (opentelemetry-proto: trace/v1, ids in hex, 64-bit numbers as text). */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly OtlpAttribute[]
  readonly status: { readonly code?: number; readonly message?: string }
}

export interface OtlpAttribute {
  readonly key: string
  readonly value: OtlpValue
}

type OtlpValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly OtlpValue[] } }

/** A number that is not whole is sent as a double, absent values not at all. */
export type AttributeValue = string | number | readonly string[] | null | undefined

const kindServer = 2
const kindClient = 3
const statusError = 2
const nanoPerUsd = 1_000_000_000

/**
 * A finished request as spans by the GenAI conventions: one for the request, a child for each call of an upstream. They
 * say what the ledger's row says, which holds no prompt and no answer. The trace id is the call id where that is a UUID, as
 * those made here are, so that one leads to the other. Pure.
 */
export function spansOf(record: RequestRecord): OtlpSpan[] {
  const traceId = traceIdOf(record.id)
  const root = spanIdOf(record.id, 0)
  const request: OtlpSpan = {
    traceId,
    spanId: root,
    name: `${operationOf(record)} ${record.askedModel}`,
    kind: kindServer,
    startTimeUnixNano: nanos(record.startedAt),
    endTimeUnixNano: nanos(record.startedAt + record.totalMs),
    attributes: attributesOf(requestAttributes(record)),
    status: record.errorCode === null ? {} : { code: statusError, message: record.errorCode },
  }
  const children = record.attempts.map((attempt, index) => ({
    ...attemptSpan(record, attempt),
    traceId,
    spanId: spanIdOf(record.id, index + 1),
    parentSpanId: root,
  }))
  return [request, ...children]
}

function requestAttributes(record: RequestRecord): Readonly<Record<string, AttributeValue>> {
  const isHit = record.cache === 'hit'
  return {
    'gen_ai.operation.name': operationOf(record),
    'gen_ai.provider.name': record.provider,
    'gen_ai.request.model': record.askedModel,
    'gen_ai.response.model': record.upstreamModel,
    'gen_ai.conversation.id': record.sessionId,
    ...usageAttributes(record.usage),
    'http.response.status_code': record.status,
    'error.type': record.errorCode,
    'session.id': record.sessionId,
    'user.id': record.endUser ?? record.userId,
    'signalbox.call_id': record.id,
    'signalbox.dialect': record.dialect,
    'signalbox.model': record.modelName,
    'signalbox.router': record.router,
    'signalbox.tier': record.tier,
    'signalbox.score': record.score,
    'signalbox.agent': record.agent,
    'signalbox.key_alias': record.keyAlias,
    'signalbox.team': record.teamId,
    'signalbox.tags': record.tags,
    'signalbox.fallbacks': record.fallbacks,
    'signalbox.cache': isHit ? 'hit' : null,
    'signalbox.first_token_ms': record.firstTokenMs,
    'signalbox.price_source': record.priceSource,
    // Unknown is not zero: without a price there is no attribute.
    'gen_ai.usage.cost': record.costNanoUsd === null ? null : usd(billedCost(record)),
  }
}

function usageAttributes(usage: Usage | null): Readonly<Record<string, AttributeValue>> {
  if (usage === null) return {}
  return {
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedTokens,
    'gen_ai.usage.cache_creation.input_tokens': usage.cacheWriteTokens,
    'gen_ai.usage.reasoning.output_tokens': usage.reasoningTokens,
  }
}

type AttemptSpan = Omit<OtlpSpan, 'traceId' | 'spanId' | 'parentSpanId'>

function attemptSpan(record: RequestRecord, attempt: AttemptRecord): AttemptSpan {
  const startedAt = record.startedAt + attempt.startedMs
  const isAnswer = attempt.outcome === 'answered'
  return {
    name: `attempt ${attempt.model}`,
    kind: kindClient,
    startTimeUnixNano: nanos(startedAt),
    endTimeUnixNano: nanos(startedAt + attempt.durationMs),
    attributes: attributesOf({
      'signalbox.model': attempt.model,
      'signalbox.deployment_id': attempt.deploymentId,
      'signalbox.outcome': attempt.outcome,
      'signalbox.reason': attempt.reason,
      'http.response.status_code': attempt.status,
      'error.type': isAnswer ? null : attempt.outcome,
    }),
    status: isAnswer ? {} : { code: statusError, message: attempt.outcome },
  }
}

function operationOf({ dialect }: RequestRecord): string {
  return dialect === 'gemini' ? 'generate_content' : 'chat'
}

/** Values as OTLP has them, in order; absent ones left out. */
export function attributesOf(values: Readonly<Record<string, AttributeValue>>): OtlpAttribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value: toValue(value) }],
  )
}

function toValue(value: string | number | readonly string[]): OtlpValue {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value !== 'number') return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

function traceIdOf(callId: string): string {
  const hex = callId.replaceAll('-', '').toLowerCase()
  return /^(?!0{32})[0-9a-f]{32}$/u.test(hex) ? hex : digest(callId).slice(0, 32)
}

function spanIdOf(callId: string, index: number): string {
  return digest(`${callId} ${index}`).slice(0, 16)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** `ms` since the epoch with fractions. */
function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1_000)) * 1_000n)
}

function usd(nanoUsd: number): number {
  return nanoUsd / nanoPerUsd
}
