import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chatBody, type Harness, masterKey, send, startHarness } from './harness.ts'

let harness: Harness

let answerOk: Harness['carry']

beforeAll(async () => {
  harness = await startHarness()
  answerOk = harness.carry
})

afterEach(() => {
  harness.carry = answerOk
  harness.relayed.length = 0
  harness.refused.length = 0
  harness.logged.length = 0
})

afterAll(() => harness.close())

describe('unknown routes and methods', () => {
  it('names the nearest route', async () => {
    const answer = await send(harness.port, { path: '/v1/chat/completion', key: masterKey, body: chatBody })
    expect([answer.status, answer.json().error.code]).toEqual([404, 'not_found'])
    expect(answer.json().error.message).toContain('/v1/chat/completions')
  })

  it('answers a wrong method with 405 and allow', async () => {
    const answer = await send(harness.port, { method: 'GET', path: '/v1/chat/completions', key: masterKey })
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
    const model = await send(harness.port, { method: 'DELETE', path: '/v1/models', key: masterKey })
    expect([model.status, model.headers.allow]).toEqual([405, 'GET, HEAD'])
  })

  it.each([
    [
      '/v1/messages',
      { model: 'no-such', messages: [{ role: 'user', content: 'hi' }] },
      { type: 'error', error: { type: 'invalid_request_error' } },
    ],
    [
      '/v1/v1/messages',
      { model: 'no-such', messages: [{ role: 'user', content: 'hi' }] },
      { type: 'error', error: { type: 'invalid_request_error' } },
    ],
    [
      '/v1beta/models/no-such:generateContent',
      { contents: [{ parts: [{ text: 'hi' }] }] },
      { error: { code: 400, status: 'INVALID_ARGUMENT' } },
    ],
    [
      '/v1/responses',
      { model: 'no-such', input: 'hi' },
      { error: { code: 'model_not_found', type: 'invalid_request_error' } },
    ],
    [
      '/v1/embeddings',
      { model: 'no-such', input: 'hi' },
      { error: { code: 'model_not_found', type: 'invalid_request_error' } },
    ],
  ])('%s refuses an unknown model in its own shape', async (path, body, expected) => {
    const answer = await send(harness.port, { path, key: masterKey, body })
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject(expected)
  })

  it('survives odd paths', async () => {
    for (const path of ['/%', '/%00', '//', '/../../etc/passwd', `/${'a'.repeat(5000)}`, '/v1/models/%ff', '*']) {
      const answer = await send(harness.port, { path, key: masterKey })
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true])
    }
  })
})

describe('/v1/models', () => {
  it('is one body for every client', async () => {
    const answer = await send(harness.port, { path: '/v1/models?limit=1000', key: masterKey })
    const body = answer.json() as unknown as { object: string; has_more: boolean; data: Record<string, unknown>[] }
    expect([body.object, body.has_more]).toEqual(['list', false])
    const names = body.data.map((model) => model.id).filter((id) => !String(id).startsWith('demo-'))
    expect(names).toEqual(['cheap', 'vendor/strong', 'smart'])
    expect(body.data.find((model) => model.id === 'smart')).toMatchObject({
      object: 'model',
      type: 'model',
      display_name: 'smart',
      created: 1677610602,
    })
  })

  it('finds one by its name, slashes and all', async () => {
    for (const path of ['/v1/models/vendor/strong', '/models/vendor%2Fstrong', '/v1/v1/models/vendor/strong']) {
      const answer = await send(harness.port, { path, key: masterKey })
      expect((answer.json() as unknown as { id: string }).id).toBe('vendor/strong')
    }
    expect((await send(harness.port, { path: '/v1/models/none', key: masterKey })).status).toBe(404)
  })

  it('loses a router that is switched off', async () => {
    harness.switches.set('smart', { mode: 'off' })
    const answer = await send(harness.port, { path: '/models', key: masterKey })
    harness.switches.clear()
    expect(answer.body).not.toContain('"smart"')
  })

  it('answers HEAD with headers only', async () => {
    const answer = await send(harness.port, { method: 'HEAD', path: '/v1/models', key: masterKey })
    expect([answer.status, answer.body]).toEqual([200, ''])
  })
})

describe('close', () => {
  it('refuses new LLM requests while running ones end, and keeps answering reads', async () => {
    const closing = await startHarness()
    let endDrain = (): void => {}
    closing.drain = () => new Promise((resolve) => (endDrain = resolve))
    let finish = (): void => {}
    closing.carry = (response) => {
      finish = () => response.end('{"late":true}')
    }
    const running = send(closing.port, { path: '/v1/chat/completions', key: masterKey, body: chatBody })
    while (closing.relayed.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const closed = closing.close(5000)
    const refused = await send(closing.port, { path: '/v1/chat/completions', key: masterKey, body: chatBody })
    expect([refused.status, refused.json().error.code]).toEqual([503, 'shutting_down'])
    expect(refused.headers['x-should-retry']).toBeUndefined()
    expect((await send(closing.port, { path: '/api/status', key: masterKey })).status).toBe(200)
    expect((await send(closing.port, { path: '/health/liveliness' })).status).toBe(200)
    expect((await send(closing.port, { path: '/health/readiness' })).status).toBe(503)
    finish()
    expect((await running).body).toBe('{"late":true}')
    endDrain()
    await closed
    await expect(send(closing.port, { path: '/' })).rejects.toThrow('ECONNREFUSED')
  })

  it('says that a port is taken', async () => {
    const { createHttpServer } = await import('../../../gateway/http/server.ts')
    const second = await createHttpServer(harness.dependencies)
    await expect(second.listen({ host: '127.0.0.1', port: harness.port })).rejects.toMatchObject({
      name: 'ListenError',
      taken: true,
    })
    await second.close(0)
  })
})
