import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OtlpSpan } from '../../../gateway/observe/traces/spans.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { readMetrics } from '../../unit/observe/read-metrics.ts'

interface Posted {
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** The part of an OTLP message that tests look at. */
interface Sent {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[]
}

/** A collector that keeps what it is sent. Gateways of other tests may look for a server at any free port: they get 404. */
async function startCollector() {
  const waiting: ((posted: Posted) => void)[] = []
  const received: Posted[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      if (incoming.method !== 'POST') {
        response.writeHead(404).end()
        return
      }
      const posted = { path: incoming.url ?? '', headers: incoming.headers, text: Buffer.concat(chunks).toString() }
      const next = waiting.shift()
      if (next === undefined) received.push(posted)
      else next(posted)
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: (): Promise<Posted> => {
      const first = received.shift()
      if (first !== undefined) return Promise.resolve(first)
      return new Promise((resolve) => {
        waiting.push(resolve)
      })
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

let upstream: Upstream
let environment: Record<string, string>
let gateway: GatewayProcess
let collector: Awaited<ReturnType<typeof startCollector>>

beforeAll(async () => {
  upstream = await startUpstream()
  collector = await startCollector()
  const config = `
model_list:
  - model_name: priced
    litellm_params: { model: openai/upstream-model, api_base: "${upstream.url}", api_key: upstream-key, input_cost_per_token: 0.000001, output_cost_per_token: 0.000002 }
litellm_settings:
  success_callback: ["langfuse"]
  callbacks: [otel]
`
  environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector=otel',
    LANGFUSE_HOST: collector.url,
    LANGFUSE_PUBLIC_KEY: 'pk-canary',
    LANGFUSE_SECRET_KEY: 'sk-canary',
  }
  gateway = await startGatewayProcess({ config, environment })
})
afterAll(async () => {
  await gateway.remove()
  collector.close()
  await upstream.close()
})

const chat = (content: string) =>
  gateway.request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'priced', messages: [{ role: 'user', content }] }),
  })

describe('traces', () => {
  it('reach both collectors with names and numbers, and without any text of the conversation', async () => {
    upstream.replyOnce({ kind: 'completion', text: 'answer-canary', usage: { prompt: 11, completion: 3 } })
    const answer = await chat('prompt-canary')
    const callId = answer.headers.get('x-litellm-call-id') ?? ''
    await answer.text()
    const posted = [await collector.next(), await collector.next()]
    const [langfuse, otel] = posted.toSorted((left, right) => (left.path < right.path ? -1 : 1))
    expect(langfuse).toMatchObject({
      path: '/api/public/otel/v1/traces',
      headers: { authorization: `Basic ${Buffer.from('pk-canary:sk-canary').toString('base64')}` },
    })
    expect(otel).toMatchObject({
      path: '/v1/traces',
      headers: { 'x-collector': 'otel', 'content-type': 'application/json' },
    })
    for (const { text } of posted) {
      expect(text).not.toMatch(/prompt-canary|answer-canary|upstream-key/u)
      const { resourceSpans } = JSON.parse(text) as Sent
      const [span, child] = resourceSpans[0]?.scopeSpans[0]?.spans ?? []
      const values = Object.fromEntries(
        (span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]),
      )
      expect(span?.traceId).toBe(callId.replaceAll('-', ''))
      expect(child?.parentSpanId).toBe(span?.spanId)
      expect(values).toMatchObject({
        'gen_ai.request.model': 'priced',
        'gen_ai.response.model': 'upstream-model',
        'gen_ai.usage.input_tokens': '11',
        'gen_ai.usage.output_tokens': '3',
        'gen_ai.usage.cost': 0.000017,
        'signalbox.call_id': callId,
      })
    }
    expect(gateway.output()).not.toMatch(/sk-canary|x-collector/u)
  })

  it('that wait are sent when the gateway stops', async () => {
    const folder = gateway.folder
    await (await chat('last words')).text()
    await gateway.kill('SIGTERM')
    expect(JSON.parse((await collector.next()).text)).toHaveProperty('resourceSpans')
    gateway = await startGatewayProcess({ folder, environment })
  })
})

describe('GET /metrics', () => {
  it('can be read by Prometheus with the master key, and not with a virtual key or none', async () => {
    await (await chat('counted')).text()
    const unknown = { model: 'nothing', messages: [{ role: 'user', content: 'hello' }] }
    await gateway.request('/v1/chat/completions', { method: 'POST', body: JSON.stringify(unknown) })
    let response = await gateway.request('/metrics')
    // A refusal is counted when its row is committed, which is after its answer.
    while (!(await response.clone().text()).includes('status="4xx"')) response = await gateway.request('/metrics')
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    const text = await response.text()
    const values = readMetrics(text)
    const labels = { model: 'priced', provider: 'openai' }
    const countOf = (labelsText: RegExp) =>
      text.split('\n').filter((line) => line.startsWith('signalbox_requests_total{') && labelsText.test(line))
    expect(countOf(/model="priced".*status="2xx"/u)).toEqual([expect.stringMatching(/ 1$/u)])
    expect(countOf(/model="none".*status="4xx"/u)).toEqual([expect.stringMatching(/ 1$/u)])
    expect(values('signalbox_cost_usd_total', labels)).toBeGreaterThan(0)
    expect(values('signalbox_requests_in_flight', {})).toBe(0)
    const made = await gateway.request('/key/generate', { method: 'POST', body: '{}' })
    const { key } = (await made.json()) as { key: string }
    expect((await gateway.request('/metrics', { key })).status).toBe(403)
    expect((await gateway.request('/metrics', { key: undefined })).status).toBe(401)
  })
})
