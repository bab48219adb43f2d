import { describe, expect, it } from 'vitest'
import { carrySettings, deploymentAt, startRelayServer } from '../../doubles/relay-server.ts'
import { createGate } from '../../doubles/upstream-server.ts'
import { readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

describe('failures before the first byte', () => {
  it('a refused connection is 503 naming the backend', async () => {
    relay.server.setDeployments([deploymentAt('http://127.0.0.1:9/v1')])
    const response = await relay.post({})
    expect(response.status).toBe(503)
    const { error } = (await response.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('backend_unavailable')
    expect(error.message).toContain('127.0.0.1:9 refused the connection')
  })

  it('keeps the code that makes agents compact', async () => {
    relay.upstream.reply({
      kind: 'error',
      status: 400,
      message: 'maximum context length is 10 tokens',
      code: 'context_length_exceeded',
    })
    const response = await relay.post({})
    expect(response.status).toBe(400)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(await response.json()).toMatchObject({ error: { code: 'context_length_exceeded' } })
  })

  it('hands on 429 with its wait', async () => {
    relay.upstream.reply({ kind: 'error', status: 429, headers: { 'retry-after': '30' } })
    const response = await relay.post({})
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
    relay.upstream.reply(script)
    relay.second.reply({ kind: 'completion', text: 'second' })
    relay.server.setDeployments([
      deploymentAt(relay.upstream.url, { id: 'one' }),
      deploymentAt(relay.second.url, { id: 'two' }),
    ])
    const response = await relay.post({})
    expect(response.status).toBe(200)
    expect(response.headers.get('x-litellm-model-id')).toBe('two')
    const row = await relay.server.nextRow()
    expect(row.attempts.map((attempt) => attempt.deploymentId)).toEqual(['one', 'two'])
    expect(row).toMatchObject({ deploymentId: 'two', fallbacks: 1, errorCode: null })
  })

  it('asks nobody else about a request that is at fault itself', async () => {
    relay.upstream.reply({ kind: 'error', status: 400, message: 'messages[0] is wrong' })
    relay.server.setDeployments([deploymentAt(relay.upstream.url), deploymentAt(relay.second.url)])
    expect((await relay.post({})).status).toBe(400)
    expect(relay.second.requests).toHaveLength(0)
  })

  it('repeats on the same deployment when nothing else is left, and counts it', async () => {
    const patient = await startRelayServer({ config: () => carrySettings({}, { numRetries: 2 }) })
    try {
      patient.setDeployments([deploymentAt(relay.upstream.url)])
      const busy = { kind: 'error', status: 503, headers: { 'retry-after-ms': '5' } } as const
      relay.upstream.replyOnce(busy, busy)
      const response = await fetch(patient.url, { method: 'POST', body: '{"model":"group","messages":[]}' })
      expect(response.status).toBe(200)
      expect(response.headers.get('x-litellm-attempted-retries')).toBe('2')
    } finally {
      await patient.close()
    }
  })

  it('repeats silently on a fresh socket when a kept-alive one dies before any byte', async () => {
    relay.upstream.replyOnce({ kind: 'completion', text: 'one' })
    await (await relay.post({})).text()
    relay.upstream.reply({ kind: 'reset', when: 'reused', otherwise: { kind: 'completion', text: 'two' } })
    const response = await relay.post({})
    expect(response.status).toBe(200)
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('0')
  })
})

describe('deadlines', () => {
  it('a first token that does not come is 408 and aborts the upstream', async () => {
    const gate = createGate()
    relay.upstream.reply({ kind: 'stall', gate })
    relay.server.setDeployments([
      deploymentAt(relay.upstream.url, {
        deadlines: { connectMs: 1_000, firstByteMs: 40, idleMs: 1_000, totalMs: 5_000 },
      }),
    ])
    const response = await relay.post({ stream: true })
    expect(response.status).toBe(408)
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_timeout' } })
    await (await relay.upstream.nextRequest()).aborted
  })

  it('silence after output is an error in the stream', async () => {
    const gate = createGate()
    relay.upstream.reply({ kind: 'stream', text: ['a', 'b'], stall: { events: 2, gate } })
    relay.server.setDeployments([
      deploymentAt(relay.upstream.url, {
        deadlines: { connectMs: 1_000, firstByteMs: 5_000, idleMs: 40, totalMs: 5_000 },
      }),
    ])
    const text = await readStream(await relay.post({ stream: true }))
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
    relay.upstream.reply(script)
    const controller = new AbortController()
    const answer = fetch(relay.server.url, {
      method: 'POST',
      body: JSON.stringify({ model: 'group', messages: [], stream }),
      signal: controller.signal,
    }).then(readStream, () => 'aborted')
    const seen = await relay.upstream.nextRequest()
    controller.abort()
    await seen.aborted
    await answer
    expect(await relay.server.nextRow()).toMatchObject({ status: 499, errorCode: 'client_closed_request' })
    expect(relay.server.relay.inFlight).toBe(0)
  })
})

describe('drain', () => {
  it('waits for running requests, then ends the rest with an error the client understands', async () => {
    const gate = createGate()
    relay.upstream.reply({ kind: 'stream', text: ['a', 'b', 'c'], stall: { events: 2, gate } })
    const response = await relay.post({ stream: true })
    const draining = relay.server.relay.drain(50)
    const text = await readStream(response)
    await draining
    expect(text).toContain('shutting_down')
    expect(text).not.toContain('[DONE]')
    expect(relay.server.rows).toHaveLength(1)
  })

  it('resolves at once when nothing runs', async () => {
    await relay.server.relay.drain(60_000)
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
  relay.upstream.reply(() => scripts[next++ % scripts.length] ?? scripts[0])
  const answers = Array.from({ length: 50 }, async (_, index) =>
    readStream(await relay.post({ stream: index % 2 === 0 })),
  )
  await Promise.all(answers)
  expect(new Set(relay.server.rows.map((row) => row.record.id)).size).toBe(50)
  expect(relay.server.rows).toHaveLength(50)
  expect(relay.server.rows.every((row) => !row.endedBefore)).toBe(true)
})

describe('an upstream that refuses reasoning state of earlier turns', () => {
  it('is asked once more without it', async () => {
    relay.upstream.replyOnce({ kind: 'error', status: 400, message: 'Invalid signature in thinking block' })
    const response = await relay.post({ messages: [{ role: 'user', content: 'hi' }] })
    expect(response.status).toBe(200)
    expect(relay.upstream.requests).toHaveLength(2)
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('0')
  })

  it('is not asked a third time', async () => {
    relay.upstream.reply({ kind: 'error', status: 400, message: 'Invalid signature in thinking block' })
    expect((await relay.post({ messages: [{ role: 'user', content: 'hi' }] })).status).toBe(400)
    expect(relay.upstream.requests).toHaveLength(2)
  })
})
