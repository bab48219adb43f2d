import { describe, expect, it } from 'vitest'
import { readGeminiFailure } from '../../../../gateway/providers/gemini/failure.ts'
import { type GeminiErrorScript, geminiError } from '../../../doubles/wires/gemini-upstream.ts'

const name = { provider: 'gemini', upstreamModel: 'gemini-3.5-flash' }
/** 2026-11-20 04:00 in Los Angeles: twenty hours before midnight. */
const now = Date.UTC(2026, 10, 20, 12, 0, 0)

function failure(script: GeminiErrorScript, status = script.code) {
  return readGeminiFailure(name, status, {}, Buffer.from(JSON.stringify(geminiError(script))), now)
}

const quota = (quotaId: string, quotaValue = '10') => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'requests', quotaId, quotaValue }],
})
const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })

describe('failures of Gemini', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'upstream_bad_request', 400],
    [400, 'FAILED_PRECONDITION', 'provider_permission_denied', 403],
    [401, 'UNAUTHENTICATED', 'provider_key_refused', 401],
    [403, 'PERMISSION_DENIED', 'provider_permission_denied', 403],
    [404, 'NOT_FOUND', 'upstream_not_found', 404],
    [429, 'RESOURCE_EXHAUSTED', 'rate_limited', 429],
    [500, 'INTERNAL', 'upstream_error', 500],
    [503, 'UNAVAILABLE', 'upstream_error', 503],
    [504, 'DEADLINE_EXCEEDED', 'upstream_timeout', 504],
  ])('%i %s', (code, status, ours, shown) => {
    for (const inList of [false, true]) {
      expect(failure({ code, status, inList })).toMatchObject({ code: ours, status: shown, upstream: { type: status } })
    }
  })

  it('a bad key comes as 400 and is a refused key', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }]
    const error = { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid.' }
    expect(failure({ ...error, details })).toMatchObject({ code: 'provider_key_refused', status: 401 })
    expect(failure(error)).toMatchObject({ code: 'provider_key_refused' })
  })

  it('pitfall 65: a prompt that is too long is told by its words', () => {
    const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'
    expect(failure({ code: 400, status: 'INVALID_ARGUMENT', message }).code).toBe('context_length_exceeded')
    expect(failure({ code: 429, status: 'RESOURCE_EXHAUSTED', message }).code).toBe('rate_limited')
  })

  it('waits as long as RetryInfo says, else as the sentence does', () => {
    const base = { code: 429, status: 'RESOURCE_EXHAUSTED' }
    const details = [quota('GenerateRequestsPerMinutePerProjectPerModel'), retry('37s')]
    expect(failure({ ...base, details }).retryAfterMs).toBe(37_000)
    expect(failure({ ...base, details: [retry('0.25s')] }).retryAfterMs).toBe(250)
    expect(failure({ ...base, message: 'Please retry in 12.5s.' }).retryAfterMs).toBe(12_500)
    expect(failure(base).retryAfterMs).toBeUndefined()
  })

  it('a quota of the day waits for midnight Pacific time, whatever retryDelay says', () => {
    const details = [quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'), retry('11s')]
    const error = failure({ code: 429, status: 'RESOURCE_EXHAUSTED', details })
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 20 * 60 * 60 * 1000 })
  })

  it('a limit of 0 is not worth waiting for', () => {
    const base = { code: 429, status: 'RESOURCE_EXHAUSTED' }
    for (const script of [
      { ...base, details: [quota('PerDay', '0'), retry('5s')] },
      { ...base, message: 'Quota, limit: 0' },
    ]) {
      expect(failure(script)).toMatchObject({
        code: 'provider_payment_required',
        shouldRetry: false,
        retryAfterMs: undefined,
      })
    }
  })

  it('keeps the status of a body that is no error of this API', () => {
    expect(readGeminiFailure(name, 502, {}, Buffer.from('<html>'), now)).toMatchObject({
      code: 'upstream_error',
      status: 502,
    })
    expect(readGeminiFailure(name, 403, {}, Buffer.from('[1]'), now)).toMatchObject({
      code: 'provider_permission_denied',
    })
  })
})
