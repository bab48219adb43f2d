import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../gateway/observe/metrics.ts'
import { recordDouble } from '../ledger/record-double.ts'
import { readMetrics } from './read-metrics.ts'

const attempt = {
  deploymentId: 'd',
  model: 'gpt-5.4-mini',
  status: 200,
  outcome: 'answered',
  startedMs: 0,
  durationMs: 5,
} as const
const failed = { ...attempt, status: 429, outcome: 'rate_limited' } as const

function openMetrics() {
  const cooled = new Map<string, number>()
  const metrics = createMetrics({ inFlight: () => 7, cooledUntil: (id) => cooled.get(id) })
  const read = async () => readMetrics((await metrics.text()).text)
  return { metrics, cooled, read }
}

describe('metrics', () => {
  it('count requests, tokens by kind and exact money by model', async () => {
    const { metrics, read } = openMetrics()
    metrics.finished(recordDouble({ id: 'a' }))
    metrics.finished(
      recordDouble({ id: 'b', status: 503, errorCode: 'backend_unavailable', usage: null, costNanoUsd: null }),
    )
    const values = await read()
    const labels = { model: 'gpt-5.4-mini', provider: 'openai' }
    const request = { ...labels, router: 'frontier-router', tier: 'MEDIUM', agent: 'opencode' }
    expect(values('signalbox_requests_total', { ...request, status: '2xx' })).toBe(1)
    expect(values('signalbox_requests_total', { ...request, status: '5xx' })).toBe(1)
    expect(values('signalbox_tokens_total', { ...labels, kind: 'input' })).toBe(1000)
    expect(values('signalbox_tokens_total', { ...labels, kind: 'cached' })).toBe(800)
    expect(values('signalbox_tokens_total', { ...labels, kind: 'reasoning' })).toBe(60)
    expect(values('signalbox_cost_usd_total', labels)).toBe(0.0025)
    expect(values('signalbox_request_duration_seconds_count', labels)).toBe(2)
    expect(values('signalbox_request_duration_seconds_bucket', { ...labels, le: '1' })).toBe(2)
    expect(values('signalbox_first_token_seconds_sum', labels)).toBeCloseTo(0.4205)
    expect(values('signalbox_requests_in_flight', {})).toBe(7)
    expect(values('process_resident_memory_bytes', {})).toBeGreaterThan(0)
  })

  it('go on from what was read before', async () => {
    const { metrics, read } = openMetrics()
    const labels = { model: 'gpt-5.4-mini', provider: 'openai' }
    metrics.finished(recordDouble({ id: 'a' }))
    expect((await read())('signalbox_tokens_total', { ...labels, kind: 'input' })).toBe(1000)
    metrics.finished(recordDouble({ id: 'b' }))
    const values = await read()
    expect(values('signalbox_tokens_total', { ...labels, kind: 'input' })).toBe(2000)
    expect(values('signalbox_cost_usd_total', labels)).toBe(0.005)
    expect(values('signalbox_attempts_total', { model: 'gpt-5.4-mini', outcome: 'answered' })).toBe(2)
  })

  it('count a cached answer as a hit and not as tokens or money', async () => {
    const { metrics, read } = openMetrics()
    metrics.finished(recordDouble({ id: 'a', cache: 'hit', costNanoUsd: 0 }))
    const values = await read()
    const labels = { model: 'gpt-5.4-mini', provider: 'openai' }
    expect(values('signalbox_cache_hits_total', labels)).toBe(1)
    expect(values('signalbox_tokens_total', { ...labels, kind: 'input' })).toBeUndefined()
  })

  it('count attempts, repeats, fallbacks and each cooldown once', async () => {
    const { metrics, cooled, read } = openMetrics()
    cooled.set('d', 1_000)
    metrics.finished(
      recordDouble({
        id: 'a',
        fallbacks: 1,
        attempts: [failed, { ...failed, reason: 'retry 1' }, { ...attempt, deploymentId: 'e' }],
      }),
    )
    cooled.set('d', 2_000)
    metrics.finished(recordDouble({ id: 'b', attempts: [failed] }))
    const values = await read()
    const model = 'gpt-5.4-mini'
    expect(values('signalbox_attempts_total', { model, outcome: 'rate_limited' })).toBe(3)
    expect(values('signalbox_attempts_total', { model, outcome: 'answered' })).toBe(1)
    expect(values('signalbox_retries_total', { model })).toBe(1)
    expect(values('signalbox_fallbacks_total', { model, provider: 'openai' })).toBe(1)
    expect(values('signalbox_cooldowns_total', { model })).toBe(2)
  })

  it('say nothing of keys, sessions, end users, tags and asked names', async () => {
    const { metrics } = openMetrics()
    metrics.finished(
      recordDouble({
        id: 'call-canary',
        keyId: 'hash-canary',
        keyAlias: 'alias-canary',
        sessionId: 'session-canary',
        endUser: 'user-canary',
        tags: ['tag-canary'],
        askedModel: 'asked-canary',
      }),
    )
    expect((await metrics.text()).text).not.toContain('canary')
  })
})
