import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GatewayProcess } from '../../doubles/gateway-process.ts'
import type { Upstream } from '../../doubles/upstream-server.ts'
import { helloOnAnyWire, startTwoWires } from './two-wires.ts'

/* Legacy completions, and the routes of the Responses API that stand on kept answers. */

let upstream: Upstream
let gateway: GatewayProcess

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

describe('legacy completions', () => {
  const complete = (body: object, path = '/v1/completions'): Promise<Response> =>
    gateway.request(path, { method: 'POST', body: JSON.stringify(body) })

  it.each(['chat-wire', 'messages-wire'])('are answered by a chat model over the %s', async (model) => {
    const answer = await complete({ model, prompt: 'Say hello', max_tokens: 5 })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      object: 'text_completion',
      model,
      choices: [{ index: 0, text: 'Hello.', finish_reason: 'stop' }],
      usage: { prompt_tokens: expect.any(Number) },
    })
    expect(upstream.requests[0]?.json).toMatchObject({ messages: [{ role: 'user' }], max_tokens: 5 })
    expect(upstream.requests[0]?.body.toString()).not.toContain('prompt')
  })

  it('stream in their own form', async () => {
    const answer = await complete({ model: 'chat-wire', prompt: 'Say hello', stream: true })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const text = await answer.text()
    expect(text).toContain('"object":"text_completion"')
    expect(text).toContain('"text":"Hel"')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it.each(['/completions', '/v1/v1/completions', '/engines/chat-wire/completions'])('also at %s', async (path) => {
    expect((await complete({ model: 'chat-wire', prompt: 'hello' }, path)).status).toBe(200)
  })

  it.each<[object, string, string]>([
    [{}, 'missing_field', 'prompt'],
    [{ messages: [{ role: 'user', content: 'hello' }] }, 'invalid_field', 'messages'],
    [{ prompt: '' }, 'invalid_field', 'prompt'],
    [{ prompt: ['one', 'two'] }, 'unsupported_field', 'prompt'],
    [{ prompt: [1, 2, 3] }, 'unsupported_field', 'prompt'],
    [{ prompt: 'x', suffix: 'y' }, 'unsupported_field', 'suffix'],
    [{ prompt: 'x', stream: 'yes' }, 'invalid_field', 'stream'],
  ])('refuse %j', async (body, code, param) => {
    const answer = await complete({ model: 'chat-wire', ...body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code, param } })
    expect(upstream.requests).toHaveLength(0)
  })
})

describe('what is not held here', () => {
  it.each([
    ['GET', '/v1/responses/resp_1'],
    ['DELETE', '/v1/responses/resp_1'],
    ['GET', '/responses/resp_1'],
    ['GET', '/v1/responses/resp_1/input_items'],
    ['POST', '/v1/responses/resp_1/cancel'],
  ])('%s %s is a 404 that says so', async (method, path) => {
    const answer = await gateway.request(path, { method })
    const body = (await answer.json()) as { error: Record<string, unknown> }
    expect(answer.status).toBe(404)
    expect(Object.keys(body)).toEqual(['error'])
    expect(body.error).toMatchObject({ code: 'not_found', param: 'response_id' })
    expect(body.error.message).toContain('resp_1')
  })

  it('POST /v1/responses/compact is a 404 that names the path', async () => {
    const answer = await gateway.request('/v1/responses/compact', { method: 'POST', body: '{"model":"chat-wire"}' })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('/v1/responses/compact') } })
  })

  it.each(['previous_response_id', 'background', 'conversation'])('%s is a 400 that names the field', async (field) => {
    const value = field === 'background' ? true : 'resp_1'
    const answer = await gateway.request('/v1/responses', {
      method: 'POST',
      body: JSON.stringify({ model: 'chat-wire', input: 'hello', [field]: value }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'unsupported_field', param: field } })
    expect(upstream.requests).toHaveLength(0)
  })

  it('a WebSocket at /v1/responses is a 426, after which Codex uses plain requests', async () => {
    const { port } = new URL(gateway.url)
    const head = [
      'GET /v1/responses HTTP/1.1',
      `host: 127.0.0.1:${port}`,
      `authorization: Bearer ${gateway.masterKey}`,
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    ]
    const answer = await firstAnswer(Number(port), `${head.join('\r\n')}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 426 /u)
  })
})

/** What the server answers to exactly this text, up to the end of the head. */
function firstAnswer(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let seen = ''
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer within 30 s')))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      if (!seen.includes('\r\n\r\n')) return
      resolve(seen)
      socket.destroy()
    })
    socket.write(text)
  })
}
