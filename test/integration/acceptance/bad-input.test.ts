import { request as startRequest } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: oneModelConfig(upstream.url, 'signalbox:\n  body_limit_mb: 1\n'),
  })
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

afterEach(async () => {
  const sound = await gateway.request(chatPath, chat('small', 'hello'))
  expect(sound.status).toBe(200)
  await sound.text()
})

interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Sends exactly these headers: fetch would not let a test choose Host, Origin or Sec-Fetch-Site. */
function send(headers: Record<string, string>, body: string | undefined, path = chatPath): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const outgoing = startRequest(gateway.url + path, { method, headers, agent: false }, (incoming) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (piece: string) => {
        text += piece
      })
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }))
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

const goodBody = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hello' }] })
const withKey = (): Record<string, string> => ({
  authorization: `Bearer ${gateway.masterKey}`,
  'content-type': 'application/json',
})

function expectRefusal(answer: RawAnswer, status: number, code: string): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
  expect(JSON.parse(answer.body)).toMatchObject({ error: { code, message: expect.stringMatching(/\S.*[.)]$/s) } })
  expect(answer.headers['x-should-retry']).toBe('false')
}

describe('bodies', () => {
  test.each<[string, string, number, string, string | null]>([
    ['malformed JSON', '{"model": "small", "messages": [', 400, 'invalid_json', null],
    ['an empty body', '', 400, 'invalid_json', null],
    ['a list', '[]', 400, 'invalid_json', null],
    ['no messages', '{"model":"small"}', 400, 'missing_field', 'messages'],
    ['no model', '{"messages":[{"role":"user","content":"hello"}]}', 400, 'missing_field', 'model'],
    ['two models', `{"model":"small",${goodBody.slice(1)}`, 400, 'duplicate_key', 'model'],
    ['an unknown model', goodBody.replace('small', 'smal'), 400, 'model_not_found', 'model'],
  ])('%s', async (_name, body, status, code, param) => {
    const before = upstream.requests.length
    const answer = await send(withKey(), body)
    expect(JSON.parse(answer.body)).toHaveProperty('error')
    if (body === '[]') expect(answer.status).toBe(400)
    else expectRefusal(answer, status, code)
    if (param !== null) expect(JSON.parse(answer.body)).toMatchObject({ error: { param } })
    expect(upstream.requests.length).toBe(before)
  })

  test('a body over the limit, announced', async () => {
    expectRefusal(await send(withKey(), goodBody.replace('hello', 'x'.repeat(1_100_000))), 413, 'body_too_large')
  })

  test('a body over the limit, in chunks without a length', async () => {
    const headers = { ...withKey(), 'transfer-encoding': 'chunked' }
    expectRefusal(await send(headers, goodBody.replace('hello', 'x'.repeat(1_100_000))), 413, 'body_too_large')
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'content type %s',
    async (type) => {
      expectRefusal(await send({ ...withKey(), 'content-type': type }, goodBody), 415, 'unsupported_media_type')
    },
  )
})

describe('keys', () => {
  test('none', async () => {
    expectRefusal(await send({ 'content-type': 'application/json' }, goodBody), 401, 'missing_key')
  })

  test('a wrong one', async () => {
    const answer = await send({ ...withKey(), authorization: 'Bearer sk-somebody-elses-key-1234' }, goodBody)
    expectRefusal(answer, 401, 'invalid_key')
    expect(answer.body).not.toContain('somebody-elses')
  })

  test('in the query', async () => {
    const path = `/v1/models?key=${gateway.masterKey}&api_key=${gateway.masterKey}`
    expectRefusal(await send({}, undefined, path), 401, 'missing_key')
  })
})

describe('browsers of others', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a foreign Host (DNS rebinding)', { host: 'evil.example:4000' }, 'foreign_host'],
    ['a foreign Origin', { origin: 'https://evil.example' }, 'foreign_origin'],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 'foreign_origin'],
    ['an opaque Origin', { origin: 'null' }, 'foreign_origin'],
    ['a same-site fetch', { 'sec-fetch-site': 'same-site' }, 'foreign_origin'],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }, 'foreign_origin'],
  ])('%s', async (_name, headers, code) => {
    expectRefusal(await send({ ...withKey(), ...headers }, goodBody), 403, code)
    expectRefusal(await send({ ...withKey(), ...headers }, undefined, '/api/status'), 403, code)
  })
})

test('a refused request has its row too, without a model that answered', async () => {
  const answer = await gateway.request(chatPath, chat('smal', 'hello'))
  await answer.text()
  const row = (await gateway.recorded()).find((request) => request.id === answer.headers.get('x-litellm-call-id'))
  expect(row).toMatchObject({ askedModel: 'smal', model: null, status: 400, errorCode: 'model_not_found', usage: null })
})
