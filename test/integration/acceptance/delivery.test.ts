import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestView } from '../../../gateway/contract/requests.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { createGate, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { contentOf, readStream } from '../relay/relay-harness.ts'

/* Delivery as a whole gateway process does it, from the config file to the ledger. */

let upstream: Upstream
let gateway: GatewayProcess

const model = (name: string, base: string, extra = ''): string => `
  - model_name: ${name}
    litellm_params: { model: openai/${name}, api_base: "${base}", api_key: none${extra} }`

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: `
model_list:${model('dead', 'http://127.0.0.1:9/v1')}${model('first', upstream.url)}${model('second', upstream.url)}${model('strict', upstream.url, ', fail_fast: true')}${model('stalled', upstream.url)}${model('long', upstream.url)}
router_settings:
  num_retries: 0
  fallbacks: [{ first: [second] }, { strict: [second] }, { stalled: [second] }]
  context_window_fallbacks: [{ first: [long] }]
signalbox: { mid_stream: resume, hedge_after_ms: 1500, health_checks: { enabled: false } }
`,
  })
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

const ask = (body: object): Promise<Response> =>
  gateway.request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Count.' }], ...body }),
    headers: { 'content-type': 'application/json' },
  })

async function attemptsOf(response: Response): Promise<RequestView['attempts']> {
  const found = await gateway.request(`/api/requests/${response.headers.get('x-litellm-call-id')}`, {})
  return ((await found.json()) as RequestView).attempts
}

describe('a whole gateway', () => {
  it('says 503 and names the backend when it is down and there is no chain', async () => {
    const response = await ask({ model: 'dead' })
    expect(response.status).toBe(503)
    const { error } = (await response.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('backend_unavailable')
    expect(error.message).toContain('127.0.0.1:9 refused the connection')
  })

  it('fails fast where the entry says so', async () => {
    upstream.replyFor('strict', { kind: 'error', status: 500 })
    const response = await ask({ model: 'strict' })
    expect(response.status).toBe(500)
    expect(await attemptsOf(response)).toHaveLength(1)
  })

  it('pretends a failure on request, and the row says so', async () => {
    const response = await ask({ model: 'first', mock_testing_fallbacks: true })
    expect(response.headers.get('x-signalbox-model')).toBe('second')
    await response.text()
    expect((await attemptsOf(response))[0]?.reason).toMatch(/^mocked/)
  })

  it('takes the chain for requests that are too long', async () => {
    upstream.replyFor('first', { kind: 'error', status: 400, message: 'x', code: 'context_length_exceeded' })
    const response = await ask({ model: 'first' })
    expect([response.status, response.headers.get('x-signalbox-model')]).toEqual([200, 'long'])
  })

  it("changes the request for a fallback as the request's own chain says, and for no other model", async () => {
    const change = { messages: [{ role: 'user', content: 'Shorter.' }], temperature: 0.5, api_base: 'http://evil.test' }
    const fallbacks = [{ model: 'second', ...change }]
    const messages = [{ role: 'user', content: 'Count.' }]
    const body = JSON.stringify({ model: 'dead', max_tokens: 9, temperature: 1, messages, fallbacks })
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const response = await gateway.request(path, { method: 'POST', body })
      expect([response.status, response.headers.get('x-signalbox-model')]).toEqual([200, 'second'])
      const sent = upstream.requests.findLast(({ method }) => method === 'POST')?.json
      expect(sent).toMatchObject({
        model: 'second',
        messages: [{ role: 'user', content: 'Shorter.' }],
        temperature: 0.5,
      })
      expect(sent).not.toHaveProperty('api_base')
    }
  })

  it('hedges a stalled first token', async () => {
    upstream.replyFor('stalled', { kind: 'stall', gate: createGate() })
    const response = await ask({ model: 'stalled', stream: true })
    expect(contentOf(await readStream(response))).toBe('Hello.')
    expect(await attemptsOf(response)).toMatchObject([
      { outcome: 'aborted', reason: 'second was first' },
      { outcome: 'answered' },
    ])
  })

  it('goes on with a stream that was cut, and shows the seam', async () => {
    upstream.replyFor('first', { kind: 'stream', text: ['one, ', 'two, ', 'three'], cutAfter: 3 })
    upstream.replyFor('second', { kind: 'stream', text: ['three'] })
    const response = await ask({ model: 'first', stream: true })
    const text = await readStream(response)
    expect(contentOf(text)).toBe('one, two, three')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    expect((await attemptsOf(response))[1]).toMatchObject({ outcome: 'answered', seam: 10 })
  })
})
