import { describe, expect, it } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { candidatesOf, carrySettings, deploymentAt, startRelayServer } from '../../doubles/relay-server.ts'
import { createGate, type Script } from '../../doubles/upstream-server.ts'
import { contentOf, readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

/** Short for the one that stalls, long for all others: only its own deadline may be waited for. */
const shortDeadlines = { connectMs: 1_000, firstByteMs: 60, idleMs: 60_000, totalMs: 60_000 }

const failures: Readonly<Record<string, Script | 'refused'>> = {
  'a 429': { kind: 'error', status: 429, headers: { 'retry-after': '30' } },
  'a stall': { kind: 'stall', gate: createGate() },
  'a reset': { kind: 'reset', when: 'always' },
  'a 500': { kind: 'error', status: 500 },
  'a refused connection': 'refused',
}

const outcomes: Readonly<Record<string, string>> = {
  'a 429': 'rate_limited',
  'a stall': 'upstream_timeout',
  'a reset': 'upstream_error',
  'a 500': 'upstream_error',
  'a refused connection': 'backend_unavailable',
}

/** Three deployments of which those before `position` fail with a 500 and that one with `failure`; the last one answers unless it is that. */
function chainWith(failure: Script | 'refused', position: number): Deployment[] {
  return [0, 1, 2].map((place) => {
    const name = `model-${place}`
    const script: Script | 'refused' =
      place === position ? failure : place < position ? { kind: 'error', status: 500 } : answer
    if (script !== 'refused') relay.upstream.replyFor(name, script)
    return deploymentAt(script === 'refused' ? 'http://127.0.0.1:9/v1' : relay.upstream.url, {
      id: name,
      upstreamModel: name,
      modelName: name,
      ...(script === failures['a stall'] ? { deadlines: shortDeadlines } : {}),
    })
  })
}

const words = ['The ', 'right ', 'answer.']
let answer: Script

describe.each(Object.entries(failures))('%s', (name, failure) => {
  describe.each([0, 1, 2])('in position %i of three', (position) => {
    it.each([true, false])('stream: %s', async (stream) => {
      answer = stream ? { kind: 'stream', text: words } : { kind: 'completion', text: words.join('') }
      relay.server.setDeployments(chainWith(failure, position))
      const response = await relay.post({ stream })
      const text = await readStream(response)
      const row = await relay.server.nextRow()
      expect(row.attempts[position]?.outcome).toBe(outcomes[name])
      expect(relay.server.rows).toHaveLength(1)
      if (position === 2) {
        // Nothing is left behind the last one: an error, and no trace of an answer.
        expect(response.status).toBeGreaterThanOrEqual(400)
        expect(JSON.parse(text)).toHaveProperty('error.code')
        return
      }
      expect(response.status).toBe(200)
      expect(stream ? contentOf(text) : JSON.parse(text).choices[0].message.content).toBe(words.join(''))
      if (stream) expect(text.match(/\[DONE\]/g)).toHaveLength(1)
      expect(row.attempts.map(({ deploymentId }) => deploymentId)).toEqual(
        [0, 1, 2].slice(0, position + 2).map((place) => `model-${place}`),
      )
      expect(row).toMatchObject({ fallbacks: position + 1, errorCode: null, modelName: `model-${position + 1}` })
      expect(response.headers.get('x-litellm-attempted-retries')).toBe('0')
    })
  })
})

describe('a chain for one kind of failure', () => {
  const overflow = {
    kind: 'error',
    status: 400,
    message: 'maximum context length is 10 tokens',
    code: 'context_length_exceeded',
  } as const
  const refusal = { kind: 'error', status: 400, message: 'no', code: 'content_policy_violation' } as const

  function plan(first: Script): void {
    relay.upstream.replyFor('first', first)
    const [one, general, long, lenient] = ['first', 'general', 'long', 'lenient'].map((name) =>
      deploymentAt(relay.upstream.url, { id: name, upstreamModel: name, modelName: name }),
    ) as [Deployment, Deployment, Deployment, Deployment]
    relay.server.changePlan({
      candidates: candidatesOf([one, general]),
      onContextWindow: candidatesOf([one, long], 1),
      onContentPolicy: candidatesOf([lenient], 1),
    })
  }

  it.each([
    ['a request that is too long', overflow, 'long'],
    ['content that is refused', refusal, 'lenient'],
    ['any other failure', { kind: 'error', status: 500 }, 'general'],
  ] as const)('%s goes to the chain for it, each deployment once', async (_name, script, expected) => {
    plan(script)
    const response = await relay.post({})
    expect(response.headers.get('x-signalbox-model')).toBe(expected)
    const row = await relay.server.nextRow()
    expect(row.attempts.map(({ deploymentId }) => deploymentId)).toEqual(['first', expected])
    expect(row.attempts[1]?.reason).toContain('of first')
  })

  it('does not exist: the client is told, and nobody else is asked', async () => {
    plan(overflow)
    relay.server.changePlan({ onContextWindow: [] })
    expect((await relay.post({})).status).toBe(400)
    expect(relay.upstream.requests).toHaveLength(1)
  })
})

describe('pretended failures', () => {
  const kinds = [
    ['any', 'upstream_error', 'general'],
    ['rate_limit', 'rate_limited', 'general'],
    ['timeout', 'upstream_timeout', 'general'],
    ['context_window', 'context_length_exceeded', 'long'],
    ['content_policy', 'content_policy_violation', 'lenient'],
  ] as const
  it.each(kinds)('%s: the first group is not asked, and the row says mocked', async (mockFailure, code, expected) => {
    const at = (name: string): Deployment =>
      deploymentAt(relay.upstream.url, { id: name, upstreamModel: name, modelName: name })
    relay.server.changePlan({
      candidates: candidatesOf([at('first'), at('general')]),
      onContextWindow: candidatesOf([at('long')], 1),
      onContentPolicy: candidatesOf([at('lenient')], 1),
    })
    relay.server.changeRequests({}, { controls: { mockFailure } })
    const response = await relay.post({})
    expect([response.status, response.headers.get('x-signalbox-model')]).toEqual([200, expected])
    expect(relay.upstream.requests.map(({ json }) => json?.model)).toEqual([expected])
    const [pretended] = (await relay.server.nextRow()).attempts
    expect(pretended).toMatchObject({ deploymentId: 'first', outcome: code, status: null })
    expect(pretended?.reason).toMatch(/^mocked/)
  })

  it('is the answer where nothing else is left', async () => {
    relay.server.changeRequests({}, { controls: { mockFailure: 'rate_limit' } })
    const response = await relay.post({})
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).not.toBeNull()
  })
})

describe('fail_fast', () => {
  it('is one try: no repeat, no fallback, no queue', async () => {
    const server = await startRelayServer({
      config: () => carrySettings({ queueMs: 60_000 }, { numRetries: 3 }),
      queue: { wait: () => Promise.reject(new Error('nothing may wait')) },
    })
    try {
      relay.upstream.reply({ kind: 'error', status: 500 })
      server.setDeployments([deploymentAt(relay.upstream.url), deploymentAt(relay.second.url)])
      server.changePlan({ failFast: true })
      const response = await fetch(server.url, { method: 'POST', body: '{"model":"group","messages":[]}' })
      expect(response.status).toBe(500)
      expect([relay.upstream.requests.length, relay.second.requests.length]).toEqual([1, 0])
    } finally {
      await server.close()
    }
  })
})

describe('a deployment that is full', () => {
  const limited = (changes: Partial<Deployment>): Deployment =>
    deploymentAt(relay.upstream.url, {
      quota: {
        requestsPerMinute: 2,
        tokensPerMinute: undefined,
        requestsPerDay: undefined,
        tokensPerDay: undefined,
        resetsAtMinute: 0,
        timeZone: 'UTC',
      },
      ...changes,
    })

  it('is passed over at once, and no 429 reaches a client that has a fallback', async () => {
    relay.server.setDeployments([limited({ id: 'one' }), deploymentAt(relay.second.url, { id: 'two' })])
    const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await relay.post({})).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect([relay.upstream.requests.length, relay.second.requests.length]).toEqual([2, 4])
    expect(relay.server.rows.filter(({ record }) => record.deploymentId === 'two')).toHaveLength(4)
  })

  it('without another one is a 429 that says when to come back', async () => {
    relay.server.setDeployments([limited({})])
    await relay.post({})
    await relay.post({})
    const response = await relay.post({})
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limited' } })
  })

  it('is not waited for where it stays full for longer than that', async () => {
    const server = await startRelayServer({
      config: () => carrySettings({ queueMs: 5_000 }),
      queue: { wait: () => Promise.reject(new Error('nothing may wait')) },
    })
    try {
      server.setDeployments([limited({ id: 'full' })])
      const post = () => fetch(server.url, { method: 'POST', body: '{"model":"group","messages":[]}' })
      expect([(await post()).status, (await post()).status, (await post()).status]).toEqual([200, 200, 429])
    } finally {
      await server.close()
    }
  })

  it('is waited for where the config allows it', async () => {
    const waits: string[][] = []
    const server = await startRelayServer({
      config: () => carrySettings({ queueMs: 120_000 }),
      queue: {
        wait: ({ waiting, sessionKey }) => {
          waits.push([sessionKey, ...waiting.map(({ candidate }) => candidate.deployment.id)])
          const candidate = waiting[0]?.candidate
          const ticket = { warnings: [], head: () => {}, firstToken: () => {}, ended: () => {} }
          return Promise.resolve(candidate === undefined ? undefined : { candidate, ticket })
        },
      },
    })
    try {
      server.setDeployments([limited({ id: 'full' })])
      const post = () => fetch(server.url, { method: 'POST', body: '{"model":"group","messages":[]}' })
      const statuses = [(await post()).status, (await post()).status, (await post()).status]
      expect(statuses).toEqual([200, 200, 200])
      expect(waits).toEqual([['key key', 'full']])
      expect(server.rows[2]?.record.attempts[0]?.reason).toMatch(/^waited \d+ ms for a slot$/)
    } finally {
      await server.close()
    }
  })
})

describe('retries', () => {
  it.each([
    ['the request’s own number', { controls: { numRetries: 1 } }, {}, 2],
    ['the policy for the kind of failure', {}, { general: { internal_server: 2 } }, 3],
    ['the general number', {}, {}, 4],
  ] as const)('%s counts', async (_name, facts, general, requests) => {
    const retryPolicy = { general: {}, byGroup: new Map(), retryAfterMs: 0, ...general }
    const server = await startRelayServer({ config: () => carrySettings({}, { numRetries: 3, retryPolicy }) })
    try {
      relay.upstream.reply({ kind: 'error', status: 500, headers: { 'retry-after-ms': '1' } })
      server.setDeployments([deploymentAt(relay.upstream.url)])
      server.changeRequests({}, facts)
      const response = await fetch(server.url, { method: 'POST', body: '{"model":"group","messages":[]}' })
      expect(relay.upstream.requests).toHaveLength(requests)
      expect(response.headers.get('x-litellm-attempted-retries')).toBe(String(requests - 1))
    } finally {
      await server.close()
    }
  })
})
