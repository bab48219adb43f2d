import { describe, expect, it } from 'vitest'
import type { TraceTarget } from '../../../gateway/config/gateway-config.ts'
import { OtlpExporter } from '../../../gateway/observe/traces/otlp-exporter.ts'
import { type OtlpSpan, spansOf } from '../../../gateway/observe/traces/spans.ts'
import { recordDouble } from '../ledger/record-double.ts'

const target: TraceTarget = {
  name: 'otel',
  url: 'http://collector/v1/traces',
  headers: {},
  timeoutMs: 1_000,
  serviceName: 'box',
  resource: { 'deployment.environment': 'test' },
}

const callId = '0199f4d0-8a61-7c3e-9a7f-1f2e3d4c5b6a'
const read = (span: OtlpSpan | undefined): Record<string, unknown> =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]))

describe('the spans of a request', () => {
  it('follow the GenAI conventions, in the trace of the call id', () => {
    const [request, attempt, ...more] = spansOf(recordDouble({ id: callId }))
    expect(more).toEqual([])
    expect(request).toMatchObject({
      traceId: '0199f4d08a617c3e9a7f1f2e3d4c5b6a',
      name: 'chat frontier-router',
      kind: 2,
      startTimeUnixNano: `${Date.parse('2026-11-20T10:00:00Z')}000000`,
      endTimeUnixNano: `${Date.parse('2026-11-20T10:00:00Z') + 900}500000`,
      status: {},
    })
    expect(read(request)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'frontier-router',
      'gen_ai.response.model': 'gpt-5.4-mini',
      'gen_ai.usage.input_tokens': '1000',
      'gen_ai.usage.output_tokens': '100',
      'gen_ai.usage.cache_read.input_tokens': '800',
      'gen_ai.conversation.id': 'ses_1',
      'signalbox.tier': 'MEDIUM',
      'signalbox.score': 0.1,
      'gen_ai.usage.cost': 0.0025,
    })
    expect(attempt).toMatchObject({ parentSpanId: request?.spanId, traceId: request?.traceId, kind: 3 })
  })

  it('have ids in hex, also for a call id of a client’s own making', () => {
    for (const span of spansOf(recordDouble({ id: 'my own id' }))) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/)
      expect(span.spanId).toMatch(/^[0-9a-f]{16}$/)
    }
  })

  it('name the error, and no cost where the price is unknown', () => {
    const [span] = spansOf(recordDouble({ id: callId, status: 502, errorCode: 'upstream_error', costNanoUsd: null }))
    expect(span?.status).toEqual({ code: 2, message: 'upstream_error' })
    expect(read(span)).toMatchObject({ 'error.type': 'upstream_error', 'http.response.status_code': '502' })
    expect(read(span)).not.toHaveProperty('gen_ai.usage.cost')
  })

  it('leave out the hash of the key and the features of the prompt', () => {
    const text = JSON.stringify(spansOf(recordDouble({ id: callId, features: { v: 1, words: ['word-canary'] } })))
    expect(text).not.toContain('ab'.repeat(32))
    expect(text).not.toContain('word-canary')
  })
})

function openExporter(...answers: (number | undefined)[]) {
  const posted: { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }[] = []
  const slept: number[] = []
  const warned: object[] = []
  const exporter = new OtlpExporter(target, {
    version: '1',
    post: async (_target, body) => {
      posted.push(JSON.parse(body.toString()))
      return answers.length > 1 ? answers.shift() : answers[0]
    },
    logger: { warn: (fields) => void warned.push(fields) },
    sleep: async (ms) => void slept.push(ms),
  })
  const spanCount = () => posted.map(({ resourceSpans }) => resourceSpans[0]?.scopeSpans[0]?.spans.length)
  return { exporter, posted, slept, warned, spanCount }
}

describe('the exporter', () => {
  it('sends what waits in one post, with the service in the resource', async () => {
    const { exporter, posted, spanCount } = openExporter(200)
    exporter.add(recordDouble({ id: 'a' }))
    exporter.add(recordDouble({ id: 'b' }))
    await exporter.flush()
    expect(spanCount()).toEqual([4])
    expect(posted[0]).toMatchObject({
      resourceSpans: [
        {
          resource: {
            attributes: [
              { key: 'deployment.environment', value: { stringValue: 'test' } },
              { key: 'service.name', value: { stringValue: 'box' } },
              { key: 'service.version', value: { stringValue: '1' } },
            ],
          },
        },
      ],
    })
    await exporter.flush()
    expect(posted).toHaveLength(1)
  })

  it('sends again what may be taken later, with growing pauses', async () => {
    const { exporter, posted, slept, warned } = openExporter(503, undefined, 200)
    exporter.add(recordDouble({ id: 'a' }))
    await exporter.flush()
    expect(posted).toHaveLength(3)
    expect(slept).toEqual([1_000, 5_000])
    expect(warned).toEqual([])
  })

  it.each([
    [401, 1],
    [undefined, 4],
  ])('gives up after %s and says so', async (status, posts) => {
    const { exporter, posted, warned } = openExporter(status)
    exporter.add(recordDouble({ id: 'a' }))
    await exporter.flush()
    expect(posted).toHaveLength(posts)
    expect(warned).toEqual([{ target: 'otel', status: status ?? null, requests: 1 }])
  })

  it('drops the oldest when too many wait, and says how many', async () => {
    const { exporter, warned, spanCount } = openExporter(200)
    for (let index = 0; index < 4_100; index += 1) exporter.add(recordDouble({ id: String(index), attempts: [] }))
    await exporter.flush()
    expect(spanCount().reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(4_096)
    expect(warned).toEqual([{ target: 'otel', requests: 4 }])
  })
})
