import { type ErrorCode, GatewayError, type ErrorOptions } from '../../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { readChatErrorObject, readChatFailure, type UpstreamName } from '../chat-wire/chat-failure.ts'
import { quotaOf, type Quota } from './quota.ts'

/**
 * Turns an answer of status ≥ 400 into our error (google.rpc.Status: `{error:{code,message,status,details}}`). The body may
 * be a list with that object in it. A bad key comes as 400, a quota says how long to wait in its details.
 */
export function readGeminiFailure(
  name: UpstreamName,
  status: number,
  headers: UpstreamHeaders,
  body: Buffer,
  now: number = Date.now(),
): GatewayError {
  const error = errorObjectIn(parsed(body))
  if (error === undefined) return readChatFailure(name, status, headers, body)
  return refine(name, error, readChatFailure(name, trueStatus(status, error), headers, plainBody(error)), now)
}

/** Turns an error object that came with status 200, whole or in a stream, into our error. */
export function readGeminiErrorObject(name: UpstreamName, error: JsonObject, now: number = Date.now()): GatewayError {
  const status = trueStatus(typeof error.code === 'number' ? error.code : 502, error)
  return refine(name, error, readChatErrorObject(name, { ...error, code: status, type: error.status ?? null }), now)
}

/** The error object of a body: `{error}`, or a list whose first entry is that. */
export function errorObjectIn(value: JsonValue | undefined): JsonObject | undefined {
  const body = Array.isArray(value) ? value.find((entry) => isJsonObject(entry) && entry.error !== undefined) : value
  if (!isJsonObject(body)) return undefined
  if (typeof body.error === 'string') return { message: body.error }
  return isJsonObject(body.error) ? body.error : undefined
}

function parsed(body: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue
  } catch {
    return undefined
  }
}

function plainBody(error: JsonObject): Buffer {
  const { message } = error
  const plain = { message: message ?? '', code: error.status ?? null, type: error.status ?? null }
  return Buffer.from(JSON.stringify({ error: plain }))
}

/** 400 stands for more than a bad request here. */
function trueStatus(status: number, error: JsonObject): number {
  if (status !== 400) return status
  if (hasReason(error, /^API_KEY_/) || /api key (?:not valid|expired)/i.test(textOf(error.message))) return 401
  return error.status === 'FAILED_PRECONDITION' ? 403 : 400
}

function hasReason(error: JsonObject, reason: RegExp): boolean {
  return detailsOf(error).some((detail) => typeof detail.reason === 'string' && reason.test(detail.reason))
}

function refine(name: UpstreamName, error: JsonObject, read: GatewayError, now: number): GatewayError {
  if (read.code !== 'rate_limited') return read
  const quota = quotaOf(textOf(error.message), detailsOf(error), now)
  const code: ErrorCode = quota.kind === 'never' ? 'provider_payment_required' : 'rate_limited'
  const retryAfterMs = quota.kind === 'wait' ? quota.ms : read.retryAfterMs
  const options: ErrorOptions = {
    ...(read.upstream === undefined ? {} : { upstream: read.upstream }),
    ...(retryAfterMs === undefined || quota.kind === 'never' ? {} : { retryAfterMs }),
  }
  return new GatewayError(code, `${read.message}${advice(name, quota)}`, options)
}

function advice(name: UpstreamName, quota: Quota): string {
  if (quota.kind === 'never') return ` The plan of this key has no quota for ${name.upstreamModel}.`
  return quota.kind === 'wait' && quota.daily
    ? ' The quota of the day is used up; it returns at midnight Pacific time.'
    : ''
}

function detailsOf(error: JsonObject): JsonObject[] {
  return Array.isArray(error.details) ? error.details.filter((detail) => isJsonObject(detail)) : []
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
