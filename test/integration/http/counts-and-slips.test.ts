import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { GatewayProcess } from '../../doubles/gateway-process.ts'
import type { Upstream } from '../../doubles/upstream-server.ts'
import { helloOnAnyWire, startTwoWires } from './two-wires.ts'

/* What clients ask beside their questions: token counts, one model, whether anyone is there; and their wrong base URLs. */

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

const post = (path: string, body: object): Promise<Response> =>
  gateway.request(path, { method: 'POST', body: JSON.stringify(body) })
const messages = [{ role: 'user', content: 'How many tokens has this?' }]

describe('a count of tokens', () => {
  it('is the upstream’s own where it counts', async () => {
    upstream.reply({ kind: 'raw', headers: { 'content-type': 'application/json' }, body: ['{"input_tokens":4242}'] })
    const answer = await post('/v1/messages/count_tokens', { model: 'messages-wire', messages })
    expect(await answer.json()).toEqual({ input_tokens: 4242 })
    expect(answer.headers.get('x-signalbox-warning')).toBeNull()
  })

  it.each(['/v1/messages/count_tokens', '/v1/v1/messages/count_tokens'])(
    'is an estimate elsewhere, and says so: %s',
    async (path) => {
      const answer = await post(path, { model: 'chat-wire', messages })
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({ input_tokens: expect.any(Number) })
      expect(answer.headers.get('x-signalbox-warning')).toContain('estimate')
      expect(upstream.requests).toEqual([])
    },
  )

  it('is an estimate where the upstream fails to count', async () => {
    upstream.reply({ kind: 'error', status: 500 })
    const answer = await post('/v1/messages/count_tokens', { model: 'messages-wire', messages })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-signalbox-warning')).toContain('estimate')
  })

  it('of Gemini’s dialect is an estimate too', async () => {
    const contents = [{ role: 'user', parts: [{ text: 'How many tokens has this?' }] }]
    const answer = await post('/v1beta/models/chat-wire:countTokens', { contents })
    expect(await answer.json()).toEqual({ totalTokens: expect.any(Number) })
    expect(answer.headers.get('x-signalbox-warning')).toContain('estimate')
  })

  it('of a model that is not there is an error in the dialect’s own shape', async () => {
    const answer = await post('/v1/messages/count_tokens', { model: 'nobody', messages })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ type: 'error', error: { code: 'model_not_found' } })
  })
})

describe('one model', () => {
  it.each(['/v1/models/chat-wire', '/models/chat-wire', '/v1/v1/models/chat-wire'])('is at %s', async (path) => {
    expect(await (await gateway.request(path)).json()).toMatchObject({ id: 'chat-wire', object: 'model' })
    expect((await gateway.request(path, { method: 'HEAD' })).status).toBe(200)
  })

  it('is in Gemini’s words at /v1beta', async () => {
    const answer = await gateway.request('/v1beta/models/chat-wire')
    expect(await answer.json()).toMatchObject({ name: 'models/chat-wire' })
  })

  it('that is not there is a 404', async () => {
    const answer = await gateway.request('/v1/models/nobody')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'model_not_found' } })
  })
})

it('HEAD / says that somebody is there, to anyone', async () => {
  const answer = await fetch(gateway.url, { method: 'HEAD' })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('')
})

describe('a base URL with one /v1 too many', () => {
  it.each<[string, object]>([
    ['/v1/v1/chat/completions', { messages }],
    ['/v1/v1/responses', { input: 'hello' }],
    ['/v1/v1/messages', { messages, max_tokens: 5 }],
    ['/v1/v1beta/models/chat-wire:generateContent', { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] }],
  ])('%s is answered', async (path, body) => {
    const answer = await post(path, { model: 'chat-wire', ...body })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Hello.')
  })
})
