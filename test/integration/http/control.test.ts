import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createParser } from 'eventsource-parser'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hashKey } from '../../../gateway/access/key-secret.ts'
import type { GatewayEvent } from '../../../gateway/contract/events.ts'
import { type RequestRecord, unpriced } from '../../../gateway/ledger/request-record.ts'
import type { RunningRequest } from '../../../gateway/relay/activity.ts'
import {
  chatBody,
  controlToken,
  type Harness,
  masterKey,
  send,
  startHarness,
  testConfig,
  testDeployment,
} from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterEach(() => {
  harness.switches.clear()
  harness.config = testConfig()
})
afterAll(() => harness.close())

const get = (path: string) => send(harness.port, { path, key: controlToken })

describe('the router switch', () => {
  it('is set, kept and shown', async () => {
    const body = { mode: 'pinned', tier: 'COMPLEX' }
    const answer = await send(harness.port, {
      method: 'PUT',
      path: '/api/routers/smart/switch',
      key: controlToken,
      body,
    })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ name: 'smart', position: body, requestsToday: 3 })
    expect(harness.switches.get('smart')).toEqual(body)
    const list = (await get('/api/routers')).json() as unknown as { routers: { name: string; position: object }[] }
    expect(list.routers.find((router) => router.name === 'smart')?.position).toEqual(body)
  })

  it('tells which tiers are missing and what answers in their place', async () => {
    const list = (await get('/api/routers')).json() as unknown as {
      routers: { name: string; warnings: string[]; tiers: { tier: string }[]; boundaries: object }[]
    }
    const smart = list.routers.find((router) => router.name === 'smart')
    expect(smart?.tiers.map(({ tier }) => tier)).toEqual(['SIMPLE', 'COMPLEX'])
    expect(smart?.warnings).toHaveLength(2)
    expect(smart?.boundaries).toEqual({ simple_medium: 0.15, medium_complex: 0.35, complex_reasoning: 0.6 })
  })

  it('has settings that are complete, and says where they stand or why nowhere', async () => {
    const answer = await get('/api/routers/smart/settings')
    expect(answer.json()).toMatchObject({
      weights: { codePresence: 0.3, questionComplexity: 0.02 },
      boundaries: { medium_complex: 0.35 },
      tokenThresholds: { simple: 15, complex: 400 },
      reasoningOverrideMinScore: null,
      place: null,
      problem: expect.stringContaining('does not stand in the config file') as string,
    })
    expect((await get('/api/routers/none/settings')).status).toBe(404)
    expect((await send(harness.port, { path: '/api/routers/smart/settings', key: masterKey })).status).toBe(403)
  })

  it.each([
    [{ mode: 'pinned' }, 'missing_field'],
    [{ mode: 'pinned', tier: 'HUGE' }, 'invalid_field'],
    [{ mode: 'on' }, 'invalid_field'],
    [{ mode: 'off', extra: 1 }, 'unsupported_field'],
    [{}, 'missing_field'],
  ])('refuses %j', async (body, code) => {
    const answer = await send(harness.port, {
      method: 'PUT',
      path: '/api/routers/smart/switch',
      key: controlToken,
      body,
    })
    expect([answer.status, answer.json().error.code]).toEqual([400, code])
    expect(harness.switches.size).toBe(0)
  })

  it('knows no switch of an unknown router, and one of the demo router', async () => {
    const unknown = await send(harness.port, {
      method: 'PUT',
      path: '/api/routers/none/switch',
      key: controlToken,
      body: { mode: 'off' },
    })
    expect([unknown.status, unknown.json().error.code]).toEqual([404, 'not_found'])
    const demo = await send(harness.port, {
      method: 'PUT',
      path: '/api/routers/demo-router/switch',
      key: controlToken,
      body: { mode: 'off' },
    })
    expect(demo.status).toBe(200)
  })
})

describe('explain', () => {
  it('tells tier, score and words without sending anything', async () => {
    const answer = await send(harness.port, {
      path: '/api/route/explain',
      key: masterKey,
      body: { body: { ...chatBody, model: 'smart' } },
    })
    expect(answer.json()).toMatchObject({ router: 'smart', tier: 'SIMPLE', candidates: [{ model: 'cheap' }] })
    expect(harness.relayed).toEqual([])
  })

  it('refuses as the request itself would be refused', async () => {
    const answer = await send(harness.port, {
      path: '/api/route/explain',
      key: masterKey,
      body: { model: 'none', body: chatBody },
    })
    expect([answer.status, answer.json().error.code]).toEqual([400, 'model_not_found'])
  })

  it('names a field it does not know', async () => {
    const answer = await send(harness.port, {
      path: '/api/route/explain',
      key: masterKey,
      body: { prompt: 'x', body: {} },
    })
    expect([answer.json().error.code, answer.json().error.param]).toEqual(['unsupported_field', 'prompt'])
  })
})

describe('requests and spend', () => {
  it('lists what the ledger has, and finds one by its id', async () => {
    harness.recorded.set('r/1', testRecord('r/1'))
    const list = (await get('/api/requests?limit=5')).json() as unknown as { requests: { id: string; phase: string }[] }
    expect(list.requests).toMatchObject([{ id: 'r/1', phase: 'finished' }])
    expect((await get(`/api/requests/${encodeURIComponent('r/1')}`)).json()).toMatchObject({ id: 'r/1', status: 200 })
    expect((await get('/api/requests/none')).status).toBe(404)
    harness.recorded.clear()
  })

  it.each(['0', '1001', '-1', 'x', '1.5'])('refuses limit=%s', async (limit) => {
    const answer = await get(`/api/requests?limit=${limit}`)
    expect([answer.status, answer.json().error.param]).toEqual([400, 'limit'])
  })

  it('hands the query of /spend/logs on, a key only as its id', async () => {
    const query = async (key: string) => {
      const answer = await get(`/spend/logs?limit=7&limit=9&api_key=${key}&start_date=2026-01-01`)
      return (answer.json() as unknown as [{ query: Record<string, unknown> }])[0].query
    }
    expect(await query('sk-some-key-of-ours')).toEqual({
      limit: '7',
      api_key: hashKey('sk-some-key-of-ours'),
      start_date: '2026-01-01',
    })
    expect((await query(masterKey)).api_key).toBe('master')
    expect((await query('a'.repeat(64))).api_key).toBe('a'.repeat(64))
  })
})

describe('health and model info', () => {
  it('tells the last known state of every deployment and no secret', async () => {
    const broken = testDeployment('keyless', { apiKey: { kind: 'missing', names: ['SOME_API_KEY'] } })
    harness.config = testConfig({ groups: new Map([...testConfig().groups, ['keyless', [broken]]]) })
    const answer = await get('/health')
    expect(answer.json()).toMatchObject({ healthy_count: 2, unhealthy_count: 1 })
    expect(answer.json()).toMatchObject({
      unhealthy_endpoints: [{ model_id: 'id-keyless', error: expect.stringContaining('SOME_API_KEY') }],
    })
    const info = await get('/model/info')
    for (const text of [answer.body, info.body]) {
      expect(text).not.toContain('canary')
      expect(text).not.toContain('[secret]')
    }
    const names = (info.json() as unknown as { data: { model_name: string }[] }).data.map((entry) => entry.model_name)
    expect(names).toEqual(['cheap', 'vendor/strong', 'smart'])
  })

  it('answers the probes as LiteLLM does', async () => {
    expect((await send(harness.port, { path: '/health/liveliness' })).body).toBe('"I\'m alive!"')
    expect((await send(harness.port, { path: '/health/readiness' })).json()).toMatchObject({
      status: 'healthy',
      db: 'connected',
    })
    for (const path of ['/', '/api/hello']) {
      const head = await send(harness.port, { method: 'HEAD', path })
      expect([head.status, head.body]).toEqual([200, ''])
    }
  })
})

describe('the event stream', () => {
  it('begins with a snapshot, then tells changes in batches, each request whole', async () => {
    harness.dependencies.feed.finished(testRecord('before'))
    const reader = await openEvents(harness.port)
    const snapshot = await reader.next('snapshot')
    expect(snapshot).toMatchObject({ type: 'snapshot', status: { version: '0.0.0-test' } })
    expect(snapshot.type === 'snapshot' && snapshot.requests.map((request) => request.id)).toEqual(['before'])

    harness.dependencies.feed.started(running('live'))
    harness.dependencies.feed.firstToken('live', 12)
    const event = await reader.next('request')
    expect(event).toMatchObject({ request: { id: 'live', phase: 'running', firstTokenMs: 12, tier: null } })
    harness.dependencies.feed.finished(testRecord('live'))
    expect(await reader.next('request')).toMatchObject({ request: { id: 'live', phase: 'finished', status: 200 } })
    expect(await reader.next('status')).toMatchObject({ status: { phase: 'running' } })
    reader.close()
  })

  it('tells every reader of a switch', async () => {
    const readers = [await openEvents(harness.port), await openEvents(harness.port)]
    for (const reader of readers) await reader.next('snapshot')
    await send(harness.port, {
      method: 'PUT',
      path: '/api/routers/smart/switch',
      key: controlToken,
      body: { mode: 'off' },
    })
    for (const reader of readers) {
      const event = await reader.next('routers')
      expect(event.type === 'routers' && event.routers.find((router) => router.name === 'smart')?.position).toEqual({
        mode: 'off',
      })
      reader.close()
    }
  })

  it('cuts off a reader that does not read, and goes on', async () => {
    const stuck = await openEvents(harness.port)
    await stuck.next('snapshot')
    stuck.response.pause()
    const closed = new Promise((resolve) => stuck.response.once('close', resolve))
    const { feed } = harness.dependencies
    const batches = watchBatches(feed)
    // More than the system's own buffers take; what follows finds it unread.
    feed.finished({ ...testRecord('long'), warnings: ['w'.repeat(32 * 1024 * 1024)] })
    await batches.next()
    feed.finished(testRecord('one-too-many'))
    await batches.next()
    batches.stop()
    stuck.response.resume()
    await closed
    expect((await get('/api/status')).status).toBe(200)
  })

  it('ends when the gateway closes', async () => {
    const closing = await startHarness()
    const reader = await openEvents(closing.port)
    await reader.next('snapshot')
    const ended = new Promise((resolve) => reader.response.once('end', resolve))
    await closing.close(0)
    await ended
  })
})

/** Waits for the batches of the feed: the hub has written each before this hears of it. */
function watchBatches(feed: Harness['dependencies']['feed']) {
  let wake = (): void => {}
  const stop = feed.subscribe(() => wake())
  return { stop, next: () => new Promise<void>((resolve) => (wake = resolve)) }
}

interface EventReader {
  readonly response: IncomingMessage
  /** The next event of this type; others before it are passed over. */
  next(type: GatewayEvent['type']): Promise<GatewayEvent>
  close(): void
}

function openEvents(port: number): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${controlToken}` }
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/api/events', headers }, (response) => {
      const events: GatewayEvent[] = []
      let wake = (): void => {}
      const parser = createParser({
        onEvent(event) {
          events.push(JSON.parse(event.data) as GatewayEvent)
          wake()
        },
      })
      response.setEncoding('utf8').on('data', (text: string) => parser.feed(text))
      response.on('error', () => {})
      resolve({
        response,
        async next(type) {
          for (;;) {
            const index = events.findIndex((event) => event.type === type)
            const [found] = index === -1 ? [] : events.splice(0, index + 1).slice(-1)
            if (found !== undefined) return found
            await new Promise<void>((awake) => (wake = awake))
          }
        },
        close: () => outgoing.destroy(),
      })
    })
    outgoing.on('error', reject).end()
  })
}

function running(id: string): RunningRequest {
  return {
    id,
    startedAt: Date.now(),
    askedModel: 'cheap',
    role: null,
    purpose: null,
    model: 'cheap',
    provider: 'openai',
    decision: undefined,
    agent: 'curl',
    sessionId: null,
    keyAlias: 'master',
    stream: false,
  }
}

function testRecord(id: string): RequestRecord {
  return {
    id,
    startedAt: Date.now(),
    keyId: 'master',
    keyAlias: 'master',
    agent: 'curl',
    sessionId: null,
    endUser: null,
    userId: null,
    teamId: null,
    tags: [],
    dialect: 'chat-completions',
    askedModel: 'cheap',
    router: null,
    tier: null,
    score: null,
    reason: null,
    features: null,
    modelName: 'cheap',
    deploymentId: 'id-cheap',
    provider: 'openai',
    upstreamModel: 'cheap',
    attempts: [],
    fallbacks: 0,
    status: 200,
    errorCode: null,
    stream: false,
    usage: null,
    ...unpriced,
    firstTokenMs: 12,
    totalMs: 20,
    warnings: [],
    explanation: null,
  }
}
