import { describe, expect, it } from 'vitest'
import { unknownPrice } from '../../../gateway/ledger/price-book.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { answerHeaders, errorHeaders, forwardedHeaders, scoreText } from '../../../gateway/relay/answer-headers.ts'
import { finalError, nextStep } from '../../../gateway/relay/failure-policy.ts'
import { usdText } from '../../../gateway/model/money-text.ts'

describe('usdText', () => {
  it.each([
    [0, '0'],
    [1, '0.000000001'],
    [150, '0.00000015'],
    [1_500_000_000, '1.5'],
    [123_456_789_012, '123.456789012'],
    [-20, '-0.00000002'],
  ])('%i nano-USD is %s', (nano, text) => {
    expect(usdText(nano)).toBe(text)
  })
})

describe('scoreText', () => {
  it.each([
    [-0.2, '-0.20'],
    [0.1, '0.10'],
    [0.595, '0.595'],
    [0.28 + 0.25 + 0.05 + 0.015, '0.595'],
    [0, '0.00'],
    [1, '1.00'],
  ])('%f reads %s', (score, text) => {
    expect(scoreText(score)).toBe(text)
  })
})

describe('answerHeaders', () => {
  const plan = {
    asked: 'm',
    candidates: [],
    skipped: [],
    onContextWindow: [],
    onContentPolicy: [],
    waiting: [],
    failFast: false,
    decision: undefined,
    warnings: ['Größe'],
  }
  const base = {
    callId: 'id',
    plan,
    candidate: undefined,
    retries: 0,
    warnings: ['dropped x', 'dropped x'],
    price: undefined,
    keySpendNanoUsd: undefined,
  }

  it('writes warnings once, in visible ASCII', () => {
    expect(answerHeaders(base)['x-signalbox-warning']).toBe('Gr%C3%B6%C3%9Fe; dropped x')
  })

  it('says unknown instead of a cost of zero', () => {
    const headers = answerHeaders({ ...base, price: unknownPrice })
    expect(headers['x-signalbox-cost']).toBe('unknown')
    expect(headers).not.toHaveProperty('x-litellm-response-cost')
  })

  it('hands on rate limits and nothing else of the upstream', () => {
    expect(forwardedHeaders({ 'x-ratelimit-remaining-requests': '9', 'set-cookie': 'a', server: 'x' })).toEqual({
      'x-ratelimit-remaining-requests': '9',
    })
  })

  it('keeps clients from repeating what was repeated', () => {
    expect(errorHeaders(new GatewayError('upstream_error', 'x'), 0)).toEqual({})
    expect(errorHeaders(new GatewayError('upstream_error', 'x'), 1)).toEqual({ 'x-should-retry': 'false' })
    expect(errorHeaders(new GatewayError('rate_limited', 'x', { retryAfterMs: 1_200 }), 0)).toEqual({
      'retry-after': '2',
      'retry-after-ms': '1200',
    })
    // Told when to come back, it may.
    expect(errorHeaders(new GatewayError('rate_limited', 'x', { retryAfterMs: 900 }), 1)).not.toHaveProperty(
      'x-should-retry',
    )
  })
})

describe('nextStep', () => {
  const situation = { hasNext: false, repeats: 0, maxRepeats: 2, leastWaitMs: 0, jitter: 1 }
  const error = (code: ConstructorParameters<typeof GatewayError>[0], retryAfterMs?: number) =>
    new GatewayError(code, 'x', retryAfterMs === undefined ? {} : { retryAfterMs })

  it('stops at once when the request is at fault', () => {
    expect(nextStep({ ...situation, hasNext: true, error: error('upstream_bad_request') })).toEqual({ step: 'stop' })
    expect(nextStep({ ...situation, hasNext: true, error: error('context_length_exceeded') })).toEqual({ step: 'stop' })
  })

  it('moves on before it repeats', () => {
    expect(nextStep({ ...situation, hasNext: true, error: error('upstream_error') })).toEqual({ step: 'next' })
  })

  it('repeats what passes, with growing waits, and no more often than allowed', () => {
    expect(nextStep({ ...situation, error: error('upstream_error') })).toEqual({ step: 'repeat', waitMs: 500 })
    expect(nextStep({ ...situation, repeats: 1, error: error('upstream_error') })).toEqual({
      step: 'repeat',
      waitMs: 1_000,
    })
    expect(nextStep({ ...situation, repeats: 2, error: error('upstream_error') })).toEqual({ step: 'stop' })
  })

  it('honours a short announced wait and hands a long one to the client', () => {
    expect(nextStep({ ...situation, error: error('rate_limited', 300) })).toEqual({ step: 'repeat', waitMs: 300 })
    expect(nextStep({ ...situation, error: error('rate_limited', 60_000) })).toEqual({ step: 'stop' })
  })

  it.each(['backend_unavailable', 'provider_key_refused', 'upstream_timeout', 'upstream_stream_cut'] as const)(
    'does not repeat %s',
    (code) => {
      expect(nextStep({ ...situation, error: error(code) })).toEqual({ step: 'stop' })
    },
  )
})

describe('finalError', () => {
  const limited = (ms: number) => new GatewayError('rate_limited', `wait ${ms}`, { retryAfterMs: ms })
  const down = new GatewayError('backend_unavailable', 'gpu-node refused the connection.')

  it('is the one error of one attempt', () => {
    expect(finalError('m', [down])).toBe(down)
  })

  it('is 429 with the shortest wait only when all were limited', () => {
    expect(finalError('m', [limited(9_000), limited(2_000)]).retryAfterMs).toBe(2_000)
    expect(finalError('m', [limited(9_000), down]).code).toBe('backend_unavailable')
    expect(finalError('m', [new GatewayError('upstream_error', 'a'), limited(9_000)])).toMatchObject({
      status: 503,
      code: 'backend_unavailable',
      message: 'Nothing could answer for m. a wait 9000',
    })
  })

  it('tells how long to wait, whether the upstream did or not', () => {
    const upstream = { status: 429, code: 'slow' }
    const silent = new GatewayError('rate_limited', 'x', { upstream })
    expect(finalError('m', [silent])).toMatchObject({ retryAfterMs: 5_000, message: 'x', upstream })
    expect(finalError('m', [silent, limited(9_000)]).retryAfterMs).toBe(9_000)
  })

  it('names every backend when one was down', () => {
    expect(finalError('m', [down, new GatewayError('upstream_error', 'other answered 500.')]).message).toContain(
      'other answered 500.',
    )
  })

  it('is the last error otherwise', () => {
    const last = new GatewayError('upstream_error', 'b')
    expect(finalError('m', [new GatewayError('provider_key_refused', 'a'), last])).toBe(last)
  })
})
