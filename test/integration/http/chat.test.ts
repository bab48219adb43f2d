import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import {
  chatBody,
  type Harness,
  masterKey,
  type PlainRequest,
  send,
  startHarness,
  testConfig,
  testDeployment,
} from './harness.ts'

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

const chat = (body: unknown, more: Partial<PlainRequest> = {}) =>
  send(harness.port, { method: 'POST', path: '/v1/chat/completions', key: masterKey, body, ...more })

describe('a chat completion', () => {
  it('reaches the relay with its bytes, facts, plan and caller', async () => {
    const text = '{ "model" : "cheap", "messages":[{"role":"user","content":"hello"}], "big": 12345678901234567890 }'
    const headers = { 'user-agent': 'opencode/1.18.33 ai-sdk/x', 'x-session-id': 'ses_1234' }
    const answer = await chat(text, { headers })
    expect(answer.status).toBe(200)
    const [request] = harness.relayed
    expect(request?.body.toString()).toBe(text)
    expect([...(request?.fields.keys() ?? [])]).toEqual(['model', 'messages', 'big'])
    expect(request?.facts.userText).toBe('hello')
    expect(request?.plan.candidates[0]?.group).toBe('cheap')
    expect(request?.caller).toEqual({
      keyId: 'master',
      keyAlias: 'master',
      userId: null,
      teamId: null,
      agent: 'opencode',
      sessionId: 'ses_1234',
    })
    expect(request?.callId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u)
  })

  it('goes through a router, with its decision and features', async () => {
    await chat({ ...chatBody, model: 'smart' })
    const [request] = harness.relayed
    expect(request?.plan.decision).toMatchObject({ router: 'smart', tier: 'SIMPLE' })
    expect(request?.features).toMatchObject({ v: 1 })
  })

  it.each(['/chat/completions', '/v1/v1/chat/completions', '/v1/chat/completions?beta=true'])(
    'also at %s',
    async (path) => {
      expect((await chat(chatBody, { path })).status).toBe(200)
    },
  )

  it.each([
    ['/engines/cheap/chat/completions', { messages: chatBody.messages }],
    ['/openai/deployments/vendor%2Fstrong/chat/completions?api-version=1', chatBody],
  ])('takes the model from the URL at %s and sends that one', async (path, body) => {
    expect((await chat(body, { path })).status).toBe(200)
    const [request] = harness.relayed
    const model = path.includes('engines') ? 'cheap' : 'vendor/strong'
    expect(request?.facts.model).toBe(model)
    expect(JSON.parse(request?.body.toString() ?? '')).toEqual({ ...body, model })
    const span = request?.fields.get('model')
    expect(request?.body.subarray(span?.valueStart, span?.valueEnd).toString()).toBe(JSON.stringify(model))
  })

  it('streams what the relay writes, before it ends', async () => {
    harness.carry = (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      setTimeout(() => response.end('data: [DONE]\n\n'), 20)
    }
    expect((await chat(chatBody)).body).toBe('data: 1\n\ndata: [DONE]\n\n')
  })
})

describe('call ids', () => {
  it('keeps the one a client sends', async () => {
    await chat(chatBody, { headers: { 'x-litellm-call-id': 'mine:1.a_b-c' } })
    expect(harness.relayed[0]?.callId).toBe('mine:1.a_b-c')
  })

  it.each(['', 'with space', 'x'.repeat(129), 'ü'])('makes its own for %j', async (id) => {
    await chat(chatBody, { headers: { 'x-litellm-call-id': id } })
    expect(harness.relayed[0]?.callId).toMatch(/-7[0-9a-f]{3}-/u)
  })

  it('makes its own when the id is recorded already or in use now', async () => {
    harness.recorded.set('recorded-id', {} as RequestRecord)
    await chat(chatBody, { headers: { 'x-litellm-call-id': 'recorded-id' } })
    expect(harness.relayed[0]?.callId).not.toBe('recorded-id')

    const waiting: ServerResponse[] = []
    harness.carry = (response) => {
      waiting.push(response)
      if (waiting.length === 2) for (const held of waiting) held.end('{}')
    }
    const twice = { headers: { 'x-litellm-call-id': 'same-id' } }
    await Promise.all([chat(chatBody, twice), chat(chatBody, twice)])
    const ids = harness.relayed.slice(1).map((request) => request.callId)
    expect(ids.filter((id) => id === 'same-id')).toHaveLength(1)
    expect(new Set(ids).size).toBe(2)
  })

  it('stands on every refusal', async () => {
    const answer = await chat({ ...chatBody, model: 'no-such' }, { headers: { 'x-litellm-call-id': 'refused-1' } })
    expect(answer.headers['x-litellm-call-id']).toBe('refused-1')
    const keyless = await send(harness.port, { path: '/v1/models' })
    expect(keyless.headers['x-litellm-call-id']).toMatch(/-7[0-9a-f]{3}-/u)
  })
})

describe('bad bodies', () => {
  it.each([
    ['nothing', '', 400, 'invalid_json', null],
    ['malformed JSON', '{"model":"cheap","messages":[}', 400, 'invalid_json', null],
    ['an array', '[]', 400, 'invalid_json', null],
    ['null', 'null', 400, 'invalid_json', null],
    ['a text', '"hi"', 400, 'invalid_json', null],
    [
      'a repeated model',
      '{"model":"cheap","messages":[{"role":"user","content":"x"}],"model":"x"}',
      400,
      'duplicate_key',
      'model',
    ],
    [
      'a model repeated by an escape',
      '{"model":"cheap","mod\\u0065l":"x","messages":[]}',
      400,
      'duplicate_key',
      'model',
    ],
    ['no model', '{"messages":[{"role":"user","content":"x"}]}', 400, 'missing_field', 'model'],
    ['an empty model', '{"model":"","messages":[{"role":"user","content":"x"}]}', 400, 'invalid_field', 'model'],
    ['a number as model', '{"model":5,"messages":[{"role":"user","content":"x"}]}', 400, 'invalid_field', 'model'],
    ['no messages', '{"model":"cheap"}', 400, 'missing_field', 'messages'],
    ['a stream that is a text', '{"model":"cheap","stream":"true","messages":[{}]}', 400, 'invalid_field', 'stream'],
    ['a prompt in place of messages', '{"model":"cheap","prompt":"x"}', 400, 'missing_field', 'messages'],
    ['messages that are no list', '{"model":"cheap","messages":"x"}', 400, 'invalid_field', 'messages'],
    [
      'an unknown model',
      '{"model":"no-such","messages":[{"role":"user","content":"x"}]}',
      400,
      'model_not_found',
      'model',
    ],
  ])('%s', async (_name, body, status, code, param) => {
    const answer = await chat(body)
    expect([answer.status, answer.json().error.code, answer.json().error.param]).toEqual([status, code, param])
    expect(answer.headers['x-should-retry']).toBe('false')
    expect(answer.headers['content-type']).toContain('application/json')
    expect(Object.keys(answer.json().error)).toEqual(['message', 'type', 'param', 'code'])
    expect(harness.relayed).toEqual([])
    expect((await chat(chatBody)).status).toBe(200)
  })

  it('never quotes the body in a message or a log', async () => {
    const answer = await chat('{"messages":"secret canary words", oops}')
    expect(answer.status).toBe(400)
    expect(answer.body + JSON.stringify(harness.logged)).not.toContain('canary')
  })

  it('survives 100,000 levels of nesting', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const answer = await chat(`{"model":"cheap","messages":[{"role":"user","content":"hi"}],"x":${deep}}`)
    expect([200, 400]).toContain(answer.status)
    expect((await chat(chatBody)).status).toBe(200)
  })
})

describe('refusals that could be read', () => {
  it('are recorded with key, agent and error, without usage', async () => {
    harness.switches.set('smart', { mode: 'off' })
    const answer = await chat({ ...chatBody, model: 'smart', stream: true }, { headers: { 'user-agent': 'curl/8' } })
    harness.switches.clear()
    expect([answer.status, answer.json().error.code]).toEqual([403, 'router_disabled'])
    expect(harness.refused).toHaveLength(1)
    expect(harness.refused[0]).toMatchObject({
      id: answer.headers['x-litellm-call-id'],
      keyId: 'master',
      agent: 'curl',
      askedModel: 'smart',
      status: 403,
      errorCode: 'router_disabled',
      stream: true,
      usage: null,
      costNanoUsd: null,
      priceSource: 'unknown',
      attempts: [],
    })
  })

  it('tell what the router decided, though no model of the tier has a key', async () => {
    const before = harness.config
    const keyless = testDeployment('cheap', { apiKey: { kind: 'missing', names: ['NO_KEY'] } })
    harness.config = testConfig({ groups: new Map([['cheap', [keyless]]]) })
    const answer = await chat({ ...chatBody, model: 'smart' })
    harness.config = before
    expect([answer.status, answer.json().error.code]).toEqual([401, 'provider_key_missing'])
    expect(answer.headers).toMatchObject({
      'x-signalbox-router': 'smart',
      'x-signalbox-tier': 'SIMPLE',
      'x-signalbox-score': '-0.15',
      'x-signalbox-warning': 'cheap was skipped: NO_KEY is not set.',
      'x-should-retry': 'false',
    })
    expect(harness.refused[0]).toMatchObject({ router: 'smart', tier: 'SIMPLE', errorCode: 'provider_key_missing' })
    expect(harness.refused[0]?.features).toMatchObject({ v: 1 })
  })

  it('are not recorded when they could not be read', async () => {
    await chat('{')
    expect(harness.refused).toEqual([])
  })
})

describe('unexpected failures', () => {
  it('give a plain 500 and put the stack into the log', async () => {
    const failing = await startHarness({
      snapshot: () => {
        throw new Error('secret-detail')
      },
    })
    try {
      const answer = await send(failing.port, { path: '/v1/chat/completions', key: masterKey, body: chatBody })
      expect([answer.status, answer.json().error.code]).toEqual([500, 'internal_error'])
      expect(answer.body).not.toContain('secret-detail')
      expect(failing.logged).toHaveLength(1)
      expect((failing.logged[0] as { err: Error }).err.stack).toContain('secret-detail')
      expect(JSON.stringify(failing.logged)).not.toContain('hello')
    } finally {
      await failing.close()
    }
  })
})
