import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hashKey } from '../../../gateway/access/key-secret.ts'
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
import { recordDouble } from '../../unit/ledger/record-double.ts'

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
    harness.recorded.set('r/1', recordDouble({ id: 'r/1' }))
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
