import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { QuotaList } from '../../../gateway/contract/quotas.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { createGate, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess

/** What the upstream double reports for one answer at these prices: 20 tokens in, 5 out. */
const costUsd = 0.001

function config(more = ''): string {
  const model = (name: string, provider: string, prices: string): string => `
  - model_name: ${name}
    litellm_params: { model: ${provider}/${name}-upstream, api_base: ${upstream.url}, api_key: upstream-key${prices} }`
  const priced = ', input_cost_per_token: 0.000025, output_cost_per_token: 0.0001'
  return `
model_list:${model('smart', 'openai', priced)}${model('fast', 'openai', ', input_cost_per_token: 0.0000001, output_cost_per_token: 0.0000001')}${model('unpriced', 'openai', '')}
  - model_name: my-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: { SIMPLE: fast, MEDIUM: smart, COMPLEX: smart, REASONING: smart }
${more}`
}

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({ config: config() })
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

type Json = Record<string, unknown>

async function post(
  path: string,
  body: unknown,
  key = gateway.masterKey,
): Promise<{ status: number; json: Json; headers: Headers }> {
  const answer = await gateway.request(path, { method: 'POST', body: JSON.stringify(body), key })
  return { status: answer.status, json: (await answer.json()) as Json, headers: answer.headers }
}

async function makeKey(body: unknown): Promise<string> {
  const made = await post('/key/generate', body)
  expect(made.status).toBe(200)
  return String(made.json['key'])
}

async function info(key: string): Promise<Json> {
  const answer = await gateway.request('/key/info', { key })
  return ((await answer.json()) as { info: Json }).info
}

/** Starts again on the same data. */
async function restart(signal: NodeJS.Signals): Promise<void> {
  await gateway.kill(signal)
  gateway = await startGatewayProcess({ folder: gateway.folder })
}

describe('a virtual key', () => {
  test('is made by the article’s own command, and its month begins on the first', async () => {
    const made = await post('/key/generate', {
      models: ['smart', 'fast'],
      max_budget: 50.0,
      budget_duration: 'monthly',
      rpm_limit: 60,
      tpm_limit: 100_000,
      metadata: { team: 'backend-engineering' },
    })
    expect(made.status).toBe(200)
    expect(made.json).toMatchObject({
      key: expect.stringMatching(/^sk-/u),
      models: ['smart', 'fast'],
      max_budget: 50,
      budget_duration: 'monthly',
      rpm_limit: 60,
      tpm_limit: 100_000,
      spend: 0,
      metadata: { team: 'backend-engineering' },
      warnings: [],
    })
    const reset = new Date(String(made.json['budget_reset_at']))
    expect([reset.getDate(), reset.getHours()]).toEqual([1, 0])
    const answer = await post(
      chatPath,
      { model: 'smart', messages: [{ role: 'user', content: 'hi' }] },
      String(made.json['key']),
    )
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-litellm-key-max-budget': '50',
      'x-litellm-key-rpm-limit': '60',
      'x-litellm-key-tpm-limit': '100000',
      'x-litellm-key-spend': String(costUsd),
      'x-ratelimit-remaining-requests': '59',
    })
    expect(
      (
        await post(
          chatPath,
          { model: 'my-router', messages: [{ role: 'user', content: 'hi' }] },
          String(made.json['key']),
        )
      ).status,
    ).toBe(403)
  })

  test('is changed, blocked, unblocked and renewed without losing what it spent', async () => {
    const key = await makeKey({ key_alias: 'laptop', user_id: 'ann', team_id: 'red' })
    expect((await gateway.request(chatPath, { ...chat('smart', 'hi'), key })).status).toBe(200)
    const updated = await post('/key/update', { key, max_budget: 1, rpm_limit: 5, nonsense: 1 })
    expect([updated.json['max_budget'], updated.json['spend'], updated.headers.get('x-signalbox-warning')]).toEqual([
      1,
      costUsd,
      'nonsense is not a known field and has no effect',
    ])
    await post('/key/block', { key })
    expect((await gateway.request(chatPath, { ...chat('smart', 'hi'), key })).status).toBe(401)
    await post('/key/unblock', { key })
    const renewed = await post(`/key/${key}/regenerate`, {})
    const secret = String(renewed.json['key'])
    expect((await gateway.request(chatPath, { ...chat('smart', 'hi'), key })).status).toBe(401)
    expect((await gateway.request(chatPath, { ...chat('smart', 'hi'), key: secret })).status).toBe(200)
    await restart('SIGTERM')
    expect(await info(secret)).toMatchObject({ key_alias: 'laptop', user_id: 'ann', rpm_limit: 5, spend: 2 * costUsd })
  })

  test.each([
    ['/user/new', { user_id: 'x' }],
    ['/team/new', { team_alias: 'x' }],
  ])('stands alone: %s says so', async (path, body) => {
    expect(await post(path, body)).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } })
  })
})

describe('a budget', () => {
  test('holds against 200 requests at once, and says what was spent of what', async () => {
    const key = await makeKey({ max_budget: 10 * costUsd, key_alias: 'small' })
    const body = { model: 'smart', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(chatPath, body, key)))
    const admitted = answers.filter(({ status }) => status === 200).length
    expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([])
    for (let turn = 0; turn < 11; turn += 1) await post(chatPath, body, key)
    const { spend } = await info(key)
    expect(Number(spend)).toBeGreaterThanOrEqual(10 * costUsd)
    expect(Number(spend)).toBeLessThan(11 * costUsd + 0.0005)
    expect(admitted).toBeLessThanOrEqual(11)
    const refused = await post(chatPath, body, key)
    expect(refused).toMatchObject({
      status: 429,
      json: { error: { code: 'budget_exceeded', type: 'budget_exceeded' } },
    })
    expect(JSON.stringify(refused.json)).toMatch(/Current cost: 0\.01\d*, Max budget: 0\.01/u)
    expect(refused.headers.get('x-should-retry')).toBe('false')
  })

  test('is not evaded by cutting streams before their usage comes', async () => {
    upstream.replyFor('smart-upstream', { kind: 'stream', text: ['a', 'b'], stall: { events: 3, gate: createGate() } })
    const key = await makeKey({ max_budget: 2 * costUsd, key_alias: 'cutter' })
    const limited = await makeKey({ tpm_limit: 50, key_alias: 'fast-cutter' })
    const cut = async (by: string): Promise<number> => {
      const leaving = new AbortController()
      const request = { ...chat('smart', 'x'.repeat(100), { stream: true }), key: by, signal: leaving.signal }
      const answer = await gateway.request(chatPath, request)
      if (answer.status === 200) await answer.body?.getReader().read()
      leaving.abort()
      return answer.status
    }
    for (const one of [key, limited]) {
      await expect.poll(() => cut(one)).toBe(429)
    }
    upstream.replyFor('smart-upstream', { kind: 'completion', text: 'Hello.' })
    const { spend } = await info(key)
    expect(Number(spend)).toBeGreaterThanOrEqual(2 * costUsd)
    const rows = (await gateway.recorded()).filter((row) => row.keyAlias === 'cutter' && row.status === 499)
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.every((row) => row.costNanoUsd === null && (row.estimatedNanoUsd ?? 0) > 0)).toBe(true)
    const report = (await (await gateway.request('/api/spend?by=key')).json()) as { rows: Json[] }
    const sums = report.rows.find(({ name }) => name === 'cutter')
    expect(sums).toMatchObject({ billedNanoUsd: 0, estimatedNanoUsd: Math.round(Number(spend) * 1e9) })
  })

  test('refuses in the shape of the API that was asked', async () => {
    const key = await makeKey({ max_budget: 0, key_alias: 'nothing' })
    const message = { model: 'smart', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }
    expect(await post('/v1/messages', message, key)).toMatchObject({
      status: 429,
      json: { type: 'error', error: { message: expect.stringContaining('Budget has been exceeded') } },
    })
    const contents = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }
    expect(await post('/v1beta/models/smart:generateContent', contents, key)).toMatchObject({
      status: 429,
      json: { error: { code: 429, message: expect.stringContaining('Budget has been exceeded') } },
    })
    // A refusal is answered before its row is written.
    const kept = async () =>
      (await gateway.recorded()).flatMap((row) => (row.keyAlias === 'nothing' ? [row.errorCode] : []))
    await expect.poll(kept).toEqual(['budget_exceeded', 'budget_exceeded'])
  })

  test('does not allow what has no price', async () => {
    const key = await makeKey({ max_budget: 5 })
    const before = upstream.requests.length
    expect(await post(chatPath, { model: 'unpriced', messages: [{ role: 'user', content: 'hi' }] }, key)).toMatchObject(
      {
        status: 403,
        json: { error: { code: 'price_unknown' } },
      },
    )
    expect(upstream.requests).toHaveLength(before)
  })

  test('sends a router to its cheapest tier when the key says so, and tells', async () => {
    const key = await makeKey({ max_budget: 0, on_limit: 'downgrade' })
    const hard = 'Reason step by step and think through: prove that the algorithm is correct, let us think'
    const answer = await gateway.request(chatPath, { ...chat('my-router', hard), key })
    expect([answer.status, answer.headers.get('x-signalbox-model'), answer.headers.get('x-signalbox-tier')]).toEqual([
      200,
      'fast',
      'SIMPLE',
    ])
    expect(answer.headers.get('x-signalbox-warning')).toContain('A budget is used up')
    expect((await gateway.request(chatPath, { ...chat('smart', 'hi'), key })).status).toBe(429)
  })

  test('is neither lost nor held by kill -9 in the midst of 50 streams', async () => {
    const key = await makeKey({ max_budget: 1000, budget_duration: 'monthly', key_alias: 'killed' })
    let whole = 0
    for (let round = 0; round < 3; round += 1) {
      const running = Array.from({ length: 50 }, async (_, place) => {
        try {
          const answer = await gateway.request(chatPath, { ...chat('smart', 'hi', { stream: true }), key })
          if ((await answer.text()).includes('data: [DONE]')) whole += 1
          if (place % 10 === 9) await gateway.kill('SIGKILL')
        } catch {
          // Cut by the kill.
        }
      })
      await Promise.all(running)
      gateway = await startGatewayProcess({ folder: gateway.folder })
    }
    const rows = (await gateway.recorded(1000)).filter((row) => row.costNanoUsd !== null && row.keyAlias === 'killed')
    expect(rows.length).toBeGreaterThanOrEqual(whole)
    expect(Number((await info(key))['spend'])).toBeCloseTo(rows.length * costUsd, 9)
    await post('/key/update', { key, max_budget: rows.length * costUsd + costUsd / 2 })
    // Nothing is held by the streams that were killed: there is room for one.
    expect((await gateway.request(chatPath, { ...chat('smart', 'hi'), key })).status).toBe(200)
    expect((await gateway.request(chatPath, { ...chat('smart', 'hi'), key })).status).toBe(429)
  })

  test('is given to new keys by the config, and bounded by it', async () => {
    gateway.writeConfig(
      config(
        'litellm_settings: { default_key_generate_params: { max_budget: 2 }, upperbound_key_generate_params: { max_budget: 3, rpm_limit: 9 } }',
      ),
    )
    const defaults = async () => (await post('/key/generate', {})).json
    await expect.poll(defaults).toMatchObject({ max_budget: 2, rpm_limit: 9, warnings: [] })
    expect(await post('/key/generate', { max_budget: 4 })).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_field', param: 'max_budget' } },
    })
    const key = await makeKey({ max_budget: 3 })
    expect((await post('/key/update', { key, max_budget: null })).status).toBe(400)
  })

  test('of a provider is kept over a restart', async () => {
    gateway.writeConfig(
      config(`router_settings: { provider_budget_config: { openai: { budget_limit: ${costUsd}, time_period: 1d } } }`),
    )
    await restart('SIGTERM')
    expect((await gateway.request(chatPath, chat('smart', 'hi'))).status).toBe(200)
    expect((await gateway.request(chatPath, chat('smart', 'hi'))).status).toBe(429)
    await restart('SIGTERM')
    const refused = await post(chatPath, { model: 'smart', messages: [{ role: 'user', content: 'hi' }] })
    expect(refused).toMatchObject({ status: 429, json: { error: { code: 'budget_exceeded' } } })
    const quotas = (await (await gateway.request('/api/quotas', { key: gateway.controlToken })).json()) as QuotaList
    expect(quotas.budgets).toMatchObject([{ of: 'provider', name: 'openai', budget: { duration: '1d' } }])
    const { maxNanoUsd, spentNanoUsd, resetsAt } = quotas.budgets?.[0]?.budget ?? {}
    expect(spentNanoUsd).toBeGreaterThanOrEqual(maxNanoUsd ?? Number.NaN)
    expect(resetsAt).toBeGreaterThan(Date.now())
  })
})
