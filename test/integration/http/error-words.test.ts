import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GatewayProcess } from '../../doubles/gateway-process.ts'
import type { RecordedRequest, Upstream } from '../../doubles/upstream-server.ts'
import { helloOnAnyWire, startTwoWires } from './two-wires.ts'

/* What an error says to a client, in the client's own words. */

let upstream: Upstream
let gateway: GatewayProcess

/** What was asked of the upstream; that the gateway looks at its list of models is no part of these tests. */
const asked = (): readonly RecordedRequest[] => upstream.requests.filter(({ path }) => !/\/models(?:\?|$)/.test(path))

beforeAll(async () => {
  ;({ upstream, gateway } = await startTwoWires())
})
beforeEach(() => {
  upstream.reset()
  upstream.reply(helloOnAnyWire)
})
afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

const post = (path: string, body: object): Promise<Response> =>
  gateway.request(path, { method: 'POST', body: JSON.stringify(body) })

interface AnyError {
  readonly error: Record<string, unknown> & { readonly message: string }
}

describe('what Anthropic adds to its errors', () => {
  const refuse = (error: object): void =>
    upstream.reply({
      kind: 'raw',
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: [JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message: 'no', ...error } })],
    })
  const ask = { model: 'messages-wire', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }

  it('reaches clients that speak Messages: details and fields of tomorrow', async () => {
    refuse({ details: { error_code: 'thread_unsupported_request', unsupported: ['x'] }, hint: { new: true } })
    const answer = await post('/v1/messages', ask)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        details: { error_code: 'thread_unsupported_request', unsupported: ['x'] },
        hint: { new: true },
        code: 'upstream_bad_request',
      },
    })
  })

  it('never with the provider’s key in it, nor to clients of other dialects', async () => {
    refuse({ details: { header: 'x-api-key: upstream-key' } })
    expect(await (await post('/v1/messages', ask)).text()).not.toContain('upstream-key')
    refuse({ details: { error_code: 'some_code' } })
    expect(await (await post('/v1/chat/completions', ask)).text()).not.toContain('details')
  })
})

describe('one model of Gemini’s list', () => {
  it('is told by its name, and is a 404 of that API where there is none', async () => {
    const found = await gateway.request('/v1beta/models/messages-wire')
    expect(await found.json()).toMatchObject({
      name: 'models/messages-wire',
      supportedGenerationMethods: expect.any(Array),
    })
    const missing = await gateway.request('/v1beta/models/nobody')
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } })
  })
})

describe('the field at fault', () => {
  it('of a request of Responses that is nested too deep is the field that is', async () => {
    const schema = `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`
    const body = `{"model":"messages-wire","input":"hi","tools":[{"type":"function","name":"f","parameters":${schema}}]}`
    const answer = await gateway.request('/v1/responses', { method: 'POST', body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_field', param: 'tools' } })
  })

  const sound = Buffer.from('RIFF').toString('base64')

  it.each<[string, string, object, string]>([
    [
      'chat completions',
      '/v1/chat/completions',
      {
        model: 'messages-wire',
        messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: sound, format: 'wav' } }] }],
      },
      'messages',
    ],
    [
      'Gemini',
      '/v1beta/models/messages-wire:generateContent',
      { contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'audio/wav', data: sound } }] }] },
      'contents',
    ],
    [
      'Responses',
      '/v1/responses',
      {
        model: 'messages-wire',
        input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-of-another-account' }] }],
      },
      'input',
    ],
  ])('has the name that %s gives it', async (_name, path, body, field) => {
    const answer = await post(path, body)
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as AnyError
    const details = (error.details ?? []) as readonly { readonly metadata?: { readonly field?: string } }[]
    expect(error.param ?? details[0]?.metadata?.field).toBe(field)
    expect(error.message).not.toContain(field === 'messages' ? '"input"' : '"messages"')
    expect(asked()).toHaveLength(0)
  })
})
