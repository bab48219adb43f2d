import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { QuotaList } from '../../../gateway/contract/quotas.ts'
import type { GatewayStatus } from '../../../gateway/contract/status.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { createGate, type RecordedRequest, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess | undefined

beforeEach(async () => {
  upstream = await startUpstream()
})

afterEach(async () => {
  await gateway?.remove()
  gateway = undefined
  await upstream.close()
})

interface Entry {
  readonly name: string
  readonly params?: string
}

function configOf(entries: readonly Entry[], rest = ''): string {
  const list = entries.map(
    ({ name, params = '' }) => `
  - model_name: ${name}
    litellm_params: { model: openai/${name}-upstream, api_base: ${upstream.url}, api_key: k${params} }`,
  )
  return `model_list:${list.join('')}\n${rest}`
}

async function start(config: string): Promise<GatewayProcess> {
  gateway = await startGatewayProcess({ config })
  return gateway
}

async function quotasOf(running: GatewayProcess): Promise<QuotaList['deployments']> {
  const answer = await running.request('/api/quotas', { key: running.controlToken })
  return ((await answer.json()) as QuotaList).deployments
}

async function inFlight(running: GatewayProcess): Promise<number> {
  const answer = await running.request('/api/status', { key: running.controlToken })
  return ((await answer.json()) as GatewayStatus).inFlight
}

const promptOf = ({ body }: RecordedRequest): string => body.toString()
const modelsAsked = (): readonly unknown[] =>
  upstream.requests.filter(({ method }) => method === 'POST').map(({ json }) => json?.model)

describe('thirty agents on a deployment that takes thirty requests a minute', () => {
  test('see no 429: the rest goes to the fallback, and the ledger says so', async () => {
    const running = await start(
      configOf(
        [{ name: 'saia', params: ', rpm: 30' }, { name: 'paid' }],
        'litellm_settings: { fallbacks: [{ saia: [paid] }] }\n',
      ),
    )
    const agents = Array.from({ length: 30 }, async (_, agent) => {
      const headers = { 'x-session-id': `agent-${agent}` }
      const statuses: number[] = []
      for (let request = 0; request < 2; request += 1)
        statuses.push((await running.request(chatPath, { ...chat('saia', 'hello'), headers })).status)
      return statuses
    })
    expect(new Set((await Promise.all(agents)).flat())).toEqual(new Set([200]))
    const rows = await running.recorded(100)
    const answeredBy = (model: string): number => rows.filter((row) => row.model === model).length
    expect([answeredBy('saia'), answeredBy('paid')]).toEqual([30, 30])
    expect(rows.find((row) => row.model === 'paid')?.explanation).toMatch(
      /^saia was asked for by name; paid on openai \(fallback 1\) is tried first; left out: saia is full \(requests per minute, for \d+ s\); paid answered$/,
    )
    const [saia] = await quotasOf(running)
    expect(saia).toMatchObject({ state: 'full', limits: [{ limit: 'requests per minute', most: 30, left: 0 }] })
  })

  test('may wait where the config says so, and the one in the foreground waits least', async () => {
    const running = await start(
      configOf([{ name: 'saia', params: ', max_parallel_requests: 1' }], 'signalbox: { queue_ms: 60000 }\n'),
    )
    const ask = (session: string): Promise<Response> =>
      running.request(chatPath, { ...chat('saia', `from ${session}`), headers: { 'x-session-id': session } })
    const background = Array.from({ length: 10 }, (_, agent) => `background-${agent}`)
    for (const session of background) expect((await ask(session)).status).toBe(200)

    const gate = createGate()
    upstream.reply(() => ({ kind: 'completion', text: 'Hello.', before: gate }))
    const before = upstream.requests.length
    const answers = background.map((session) => ask(session))
    await vi.waitFor(async () => expect(await inFlight(running)).toBe(10), { timeout: 45_000, interval: 50 })
    answers.push(ask('foreground'))
    await vi.waitFor(async () => expect(await inFlight(running)).toBe(11), { timeout: 45_000, interval: 50 })
    gate.open()
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([200]))
    const order = upstream.requests.slice(before).map(promptOf)
    expect(order).toHaveLength(11)
    // The first one ran already when the others came.
    expect(order.findIndex((prompt) => prompt.includes('from foreground'))).toBe(1)
  })
})

describe('quotas', () => {
  test('of a provider hold for all models of a key together, over a restart too', async () => {
    const quota = 'quota: { requests_per_minute: 3, requests_per_day: 4 }'
    const config = `providers:
  saia: { base_url: "${upstream.url}", api_key_env: SAIA_KEY, ${quota} }
model_list:
  - { model_name: qwen, litellm_params: { model: saia/qwen } }
  - { model_name: gemma, litellm_params: { model: saia/gemma } }
  - { model_name: paid, litellm_params: { model: openai/paid, api_base: ${upstream.url}, api_key: k } }
litellm_settings: { fallbacks: [{ qwen: [paid] }] }
`
    gateway = await startGatewayProcess({ config, environment: { SAIA_KEY: 'a key' } })
    const ask = async (model: string) => (await gateway?.request(chatPath, chat(model, 'hello')))?.status
    expect([await ask('qwen'), await ask('gemma'), await ask('qwen'), await ask('qwen')]).toEqual([200, 200, 200, 200])
    expect(modelsAsked()).toEqual(['qwen', 'gemma', 'qwen', 'paid'])
    expect(await ask('gemma')).toBe(429)
    await gateway.kill('SIGTERM')
    gateway = await startGatewayProcess({ folder: gateway.folder, environment: { SAIA_KEY: 'a key' } })
    expect([await ask('gemma'), await ask('gemma')]).toEqual([200, 429])
    const [qwen] = await quotasOf(gateway)
    expect(qwen?.limits.at(-1)).toMatchObject({ limit: 'requests per day of the account', most: 4, left: 0 })
  })

  test('of a day are used up over a restart too, and are shown with their reset', async () => {
    const quota = ', quota: { requests_per_day: 2, resets_at: "00:00", timezone: Europe/Berlin }'
    const first = await start(configOf([{ name: 'saia', params: quota }]))
    for (let request = 0; request < 2; request += 1)
      expect((await first.request(chatPath, chat('saia', 'hello'))).status).toBe(200)
    await first.kill('SIGTERM')
    gateway = await startGatewayProcess({ folder: first.folder })
    const answer = await gateway.request(chatPath, chat('saia', 'hello'))
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    const [saia] = await quotasOf(gateway)
    expect(saia?.limits).toEqual([
      { limit: 'requests per day', most: 2, used: 2, left: 0, resetsAt: expect.any(Number), knownFrom: 'config' },
    ])
    const resetsAt = new Date(saia?.limits[0]?.resetsAt ?? 0)
    expect(resetsAt.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })).toBe('00:00:00')
  })

  test('are learned from headers: nothing left means the next one, without a try', async () => {
    upstream.replyFor('saia-upstream', {
      kind: 'completion',
      text: 'Hello.',
      headers: { 'x-ratelimit-limit-minute': '30', 'x-ratelimit-remaining-minute': '0', 'ratelimit-reset': '40' },
    })
    const fallback = 'litellm_settings: { fallbacks: [{ saia: [paid] }] }\n'
    const running = await start(configOf([{ name: 'saia' }, { name: 'paid' }], fallback))
    await running.request(chatPath, chat('saia', 'hello'))
    const second = await running.request(chatPath, chat('saia', 'hello'))
    expect(second.headers.get('x-signalbox-model')).toBe('paid')
    expect(modelsAsked()).toEqual(['saia-upstream', 'paid-upstream'])
    expect((await quotasOf(running))[0]?.limits).toMatchObject([{ most: 30, left: 0, knownFrom: 'header' }])
  })
})

describe('a backend that is down, without a chain', () => {
  test('is named in a 503 at once and in /health, and is back as soon as it answers', async () => {
    const port = Number(new URL(upstream.origin).port)
    const running = await start(configOf([{ name: 'qwen3-235b' }], 'router_settings: { num_retries: 0 }\n'))
    await upstream.close()
    for (let request = 0; request < 2; request += 1) {
      const answer = await running.request(chatPath, chat('qwen3-235b', 'hello'))
      expect(answer.status).toBe(503)
      const { error } = (await answer.json()) as { error: { code: string; message: string } }
      expect(error.code).toBe('backend_unavailable')
      expect(error.message).toContain('qwen3-235b')
      expect(error.message).toContain(`127.0.0.1:${port}`)
    }
    const health = await (await running.request('/health')).json()
    expect(health).toMatchObject({
      healthy_count: 0,
      unhealthy_count: 1,
      unhealthy_endpoints: [{ model_name: 'qwen3-235b', error: expect.stringContaining(`127.0.0.1:${port}`) }],
    })
    expect((await running.request('/health/readiness')).status).toBe(200)
    upstream = await startUpstream(port)
    await vi.waitFor(
      async () => expect((await running.request(chatPath, chat('qwen3-235b', 'hello'))).status).toBe(200),
      { timeout: 45_000, interval: 100 },
    )
    expect(await (await running.request('/health?model=qwen3-235b')).json()).toMatchObject({ healthy_count: 1 })
  })

  test('makes the routers over it unhealthy, which are shown on request and never asked', async () => {
    const router = `
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config: { tiers: { SIMPLE: small, COMPLEX: large } }
`
    const running = await start(configOf([{ name: 'small' }, { name: 'large' }], router.slice(1)))
    const plain = (await (await running.request('/health')).json()) as { healthy_endpoints: { model_name: string }[] }
    expect(plain.healthy_endpoints.map(({ model_name }) => model_name)).toEqual(['small', 'large'])
    expect(plain).not.toHaveProperty('routers')
    expect(await (await running.request('/health?routers=1')).json()).toMatchObject({
      routers: [{ model_name: 'smart', healthy: true, tiers: [{ tier: 'SIMPLE' }, { tier: 'COMPLEX' }] }],
    })
    await upstream.close()
    await vi.waitFor(
      async () =>
        expect(await (await running.request('/health?routers=1')).json()).toMatchObject({
          unhealthy_count: 2,
          routers: [{ model_name: 'smart', healthy: false, error: 'No model of SIMPLE, COMPLEX is healthy.' }],
        }),
      { timeout: 45_000, interval: 500 },
    )
  })
})

test('a model that its provider no longer has is told once, loudly, with what is most like it', async () => {
  upstream.listModels('multilingual-e5-large-instruct', 'glm-4.7')
  upstream.replyFor('e5-mistral-upstream', { kind: 'error', status: 404, code: 'model_not_found' })
  const fallback = 'litellm_settings: { fallbacks: [{ e5-mistral: [glm] }] }\n'
  const running = await start(configOf([{ name: 'e5-mistral' }, { name: 'glm' }], fallback))
  const told = (): number => running.output().split('a model is gone').length - 1
  await running.request(chatPath, chat('e5-mistral', 'hello'))
  await vi.waitFor(() => expect(told()).toBe(1), { timeout: 45_000, interval: 50 })
  const answer = await running.request(chatPath, chat('e5-mistral', 'hello'))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-signalbox-warning')).toContain('multilingual-e5-large-instruct')
  expect(told()).toBe(1)
  const status = await running.request('/api/status', { key: running.controlToken })
  expect(((await status.json()) as GatewayStatus).notices).toEqual([expect.stringContaining('no longer lists')])
})
