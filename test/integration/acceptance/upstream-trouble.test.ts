import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RequestView } from '../../../gateway/contract/requests.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { createGate, type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: oneModelConfig(upstream.url, 'router_settings:\n  num_retries: 0\n'),
  })
})

beforeEach(() => upstream.reset())

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

const finishedRow = (answer: Response): Promise<RequestView> =>
  vi.waitFor(
    async () => {
      const id = answer.headers.get('x-litellm-call-id')
      const row = (await gateway.recorded()).find((request) => request.id === id && request.phase === 'finished')
      if (row === undefined) throw new Error(`no row for ${id} yet`)
      return row
    },
    { timeout: 30_000 },
  )

describe('a client that leaves', () => {
  test('in the middle of a stream ends the upstream request, and its row says so', async () => {
    const gate = createGate()
    upstream.replyOnce({ kind: 'stream', text: ['one ', 'two'], stall: { events: 2, gate } })
    const leaving = new AbortController()
    const request = { ...chat('small', 'hello', { stream: true }), signal: leaving.signal }
    const answer = await gateway.request(chatPath, request)
    leaving.abort()
    await (await upstream.nextRequest()).aborted
    expect(await finishedRow(answer)).toMatchObject({ errorCode: 'client_closed_request' })
  })

  test('before the head ends the upstream request', async () => {
    upstream.replyOnce({ kind: 'stall', gate: createGate() })
    const leaving = new AbortController()
    const waiting = gateway.request(chatPath, { ...chat('small', 'hello'), signal: leaving.signal })
    const request = await upstream.nextRequest()
    leaving.abort()
    await expect(waiting).rejects.toThrow('aborted')
    await request.aborted
  })
})

describe('a stream that is cut is never a success', () => {
  test.each<[string, Script]>([
    ['after some text', { kind: 'stream', text: ['one ', 'two'], cutAfter: 2 }],
    ['after all text, before the finish chunk', { kind: 'stream', text: 'one', cutAfter: 2 }],
    ['by an error frame', { kind: 'stream', text: ['one ', 'two'], errorAfter: { events: 2, message: 'overloaded' } }],
  ])('%s', async (_name, script) => {
    upstream.reply(script)
    const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
    const text = await answer.text().catch(() => 'cut')
    expect(text).not.toContain('[DONE]')
    if (text !== 'cut') expect(text).toContain('"error"')
    expect((await finishedRow(answer)).errorCode).toMatch(/^upstream_/)
  })

  test('before any text: an error status', async () => {
    upstream.reply({ kind: 'stream', text: 'one', cutAfter: 0 })
    const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await answer.json()).toMatchObject({ error: { code: expect.any(String) } })
  })

  test('a JSON answer that ends early', async () => {
    upstream.reply({
      kind: 'raw',
      headers: { 'content-type': 'application/json', 'content-length': '1000' },
      body: ['{"id":"chatcmpl-1","choices":'],
      cut: true,
    })
    const answer = await gateway.request(chatPath, chat('small', 'hello'))
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect((await finishedRow(answer)).errorCode).not.toBeNull()
  })
})

describe('what an upstream may do and a client must not notice', () => {
  test.each<[string, Script]>([
    ['CRLF framing', { kind: 'stream', text: ['Grüße ', '🦊'], framing: 'crlf', usagePlace: 'every-stream' }],
    ['one byte at a time', { kind: 'stream', text: ['Grüße ', '🦊'], writes: 1, usagePlace: 'every-stream' }],
    ['all in one write', { kind: 'stream', text: ['Grüße ', '🦊'], writes: 'at-once', usagePlace: 'every-stream' }],
    ['keep-alive comments', { kind: 'stream', text: ['Grüße ', '🦊'], comments: true }],
    ['usage in the finish chunk', { kind: 'stream', text: ['Grüße ', '🦊'], usagePlace: 'finish-chunk' }],
  ])('%s: the text arrives, the tokens are counted', async (_name, script) => {
    upstream.reply(script)
    const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
    const text = await answer.text()
    expect(text).toMatch(/data: \[DONE\](\r?\n){2}$/)
    expect(text).toContain('Grüße ')
    expect(text).toContain('🦊')
    expect(await finishedRow(answer)).toMatchObject({ status: 200, usage: { inputTokens: 20, outputTokens: 5 } })
  })

  test('a usage chunk that only the gateway asked for stays with the gateway', async () => {
    const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
    expect(await answer.text()).not.toContain('prompt_tokens')
    expect(upstream.requests.at(-1)?.json?.stream_options).toEqual({ include_usage: true })
    expect(await finishedRow(answer)).toMatchObject({ usage: { inputTokens: 20, outputTokens: 5 } })
  })

  test('no usage at all: cost is unknown, never zero', async () => {
    upstream.reply({ kind: 'stream', text: 'one', usage: 'none' })
    const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
    await answer.text()
    expect(await finishedRow(answer)).toMatchObject({ usage: null, costNanoUsd: null })
  })

  test('a kept connection that dies under the next request is tried again on a fresh one', async () => {
    upstream.reply({ kind: 'reset', when: 'reused' })
    for (let turn = 0; turn < 4; turn += 1) {
      const answer = await gateway.request(chatPath, chat('small', 'hello'))
      expect(answer.status).toBe(200)
      await answer.text()
    }
    expect(upstream.requests.some((request) => request.reusedSocket)).toBe(true)
  })
})
