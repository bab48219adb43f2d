import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deploymentAt, type RelayServer, startRelayServer } from '../../doubles/relay-server.ts'
import { createGate, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

let upstream: Upstream
let second: Upstream
let server: RelayServer

beforeEach(async () => {
  upstream = await startUpstream()
  second = await startUpstream()
  server = await startRelayServer()
  server.setDeployments([deploymentAt(upstream.url)])
})

afterEach(async () => {
  await server.close()
  await upstream.close()
  await second.close()
})

const post = (body: object): Promise<Response> =>
  fetch(server.url, { method: 'POST', body: JSON.stringify({ model: 'group', messages: [], ...body }) })

/** What a client sees of a stream, also when it breaks off. */
async function readStream(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true })
  } catch {
    text += '<broken>'
  }
  return text
}

describe('failures before the first byte', () => {
  it('a refused connection is 503 naming the backend', async () => {
    server.setDeployments([deploymentAt('http://127.0.0.1:9/v1')])
    const response = await post({})
    expect(response.status).toBe(503)
    const { error } = (await response.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('backend_unavailable')
    expect(error.message).toContain('127.0.0.1:9 refused the connection')
  })

  it('keeps the code that makes agents compact', async () => {
    upstream.reply({
      kind: 'error',
      status: 400,
      message: 'maximum context length is 10 tokens',
      code: 'context_length_exceeded',
    })
    const response = await post({})
    expect(response.status).toBe(400)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toMatchObject({ error: { code: 'context_length_exceeded' } })
  })

  it('hands on 429 with its wait', async () => {
    upstream.reply({ kind: 'error', status: 429, headers: { 'retry-after': '30' } })
    const response = await post({})
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('30')
  })

  it.each([
    ['429', { kind: 'error', status: 429 }],
    ['500', { kind: 'error', status: 500 }],
    ['a login page', { kind: 'raw', headers: { 'content-type': 'text/html' }, body: ['<html>'] }],
    ['cut JSON', { kind: 'raw', headers: { 'content-type': 'application/json' }, body: ['{"choices":'], cut: true }],
    ['a reset', { kind: 'reset', when: 'always' }],
  ] as const)('%s moves on to the next candidate', async (_name, script) => {
    upstream.reply(script)
    second.reply({ kind: 'completion', text: 'second' })
    server.setDeployments([deploymentAt(upstream.url, { id: 'one' }), deploymentAt(second.url, { id: 'two' })])
    const response = await post({})
    expect(response.status).toBe(200)
    expect(response.headers.get('x-litellm-model-id')).toBe('two')
    const row = await server.nextRow()
    expect(row.attempts.map((attempt) => attempt.deploymentId)).toEqual(['one', 'two'])
    expect(row).toMatchObject({ deploymentId: 'two', fallbacks: 1, errorCode: null })
  })

  it('asks nobody else about a request that is at fault itself', async () => {
    upstream.reply({ kind: 'error', status: 400, message: 'messages[0] is wrong' })
    server.setDeployments([deploymentAt(upstream.url), deploymentAt(second.url)])
    expect((await post({})).status).toBe(400)
    expect(second.requests).toHaveLength(0)
  })

  it('repeats on the same deployment when nothing else is left, and counts it', async () => {
    const patient = await startRelayServer(2)
    try {
      patient.setDeployments([deploymentAt(upstream.url)])
      const busy = { kind: 'error', status: 503, headers: { 'retry-after-ms': '5' } } as const
      upstream.replyOnce(busy, busy)
      const response = await fetch(patient.url, { method: 'POST', body: '{"model":"group","messages":[]}' })
      expect(response.status).toBe(200)
      expect(response.headers.get('x-litellm-attempted-retries')).toBe('2')
    } finally {
      await patient.close()
    }
  })

  it('repeats silently on a fresh socket when a kept-alive one dies before any byte', async () => {
    upstream.replyOnce({ kind: 'completion', text: 'one' })
    await (await post({})).text()
    upstream.reply({ kind: 'reset', when: 'reused', otherwise: { kind: 'completion', text: 'two' } })
    const response = await post({})
    expect(response.status).toBe(200)
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('0')
  })
})

describe('deadlines', () => {
  it('a first token that does not come is 408 and aborts the upstream', async () => {
    const gate = createGate()
    upstream.reply({ kind: 'stall', gate })
    server.setDeployments([
      deploymentAt(upstream.url, { deadlines: { connectMs: 1_000, firstByteMs: 40, idleMs: 1_000, totalMs: 5_000 } }),
    ])
    const response = await post({ stream: true })
    expect(response.status).toBe(408)
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_timeout' } })
    await (await upstream.nextRequest()).aborted
  })

  it('silence after output is an error in the stream', async () => {
    const gate = createGate()
    upstream.reply({ kind: 'stream', text: ['a', 'b'], stall: { events: 2, gate } })
    server.setDeployments([
      deploymentAt(upstream.url, { deadlines: { connectMs: 1_000, firstByteMs: 5_000, idleMs: 40, totalMs: 5_000 } }),
    ])
    const text = await readStream(await post({ stream: true }))
    expect(text).toContain('upstream_timeout')
    expect(text).not.toContain('[DONE]')
  })
})

describe('a client that leaves', () => {
  it.each([
    ['before the head', { kind: 'stall', gate: createGate() }, true],
    ['before a JSON answer', { kind: 'stall', gate: createGate() }, false],
    ['in the stream', { kind: 'stream', text: ['a', 'b'], stall: { events: 2, gate: createGate() } }, true],
  ] as const)('%s: the upstream is aborted and the row says so', async (_name, script, stream) => {
    upstream.reply(script)
    const controller = new AbortController()
    const answer = fetch(server.url, {
      method: 'POST',
      body: JSON.stringify({ model: 'group', messages: [], stream }),
      signal: controller.signal,
    }).then(readStream, () => 'aborted')
    const seen = await upstream.nextRequest()
    controller.abort()
    await seen.aborted
    await answer
    expect(await server.nextRow()).toMatchObject({ status: 499, errorCode: 'client_closed_request' })
    expect(server.relay.inFlight).toBe(0)
  })
})

describe('drain', () => {
  it('waits for running requests, then ends the rest with an error the client understands', async () => {
    const gate = createGate()
    upstream.reply({ kind: 'stream', text: ['a', 'b', 'c'], stall: { events: 2, gate } })
    const response = await post({ stream: true })
    const draining = server.relay.drain(50)
    const text = await readStream(response)
    await draining
    expect(text).toContain('shutting_down')
    expect(text).not.toContain('[DONE]')
    expect(server.rows).toHaveLength(1)
  })

  it('resolves at once when nothing runs', async () => {
    await server.relay.drain(60_000)
  })
})

it('commits exactly one row per request, whatever happens', async () => {
  const scripts = [
    { kind: 'completion', text: 'x' },
    { kind: 'stream', text: 'x' },
    { kind: 'error', status: 500 },
    { kind: 'reset', when: 'always' },
    { kind: 'stream', text: ['a', 'b', 'c'], cutAfter: 3 },
  ] as const
  let next = 0
  upstream.reply(() => scripts[next++ % scripts.length] ?? scripts[0])
  const answers = Array.from({ length: 50 }, async (_, index) => readStream(await post({ stream: index % 2 === 0 })))
  await Promise.all(answers)
  expect(new Set(server.rows.map((row) => row.record.id)).size).toBe(50)
  expect(server.rows).toHaveLength(50)
  expect(server.rows.every((row) => !row.endedBefore)).toBe(true)
})
