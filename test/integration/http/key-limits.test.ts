import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { chatBody, controlToken, type Harness, masterKey, send, startHarness } from './harness.ts'

const usd = 1_000_000_000
const clock = { now: 0 }
let harness: Harness

beforeEach(async () => {
  clock.now = Date.parse('2026-11-24T12:00:00Z')
  const now = (): number => clock.now
  harness = await startHarness({ now, monotonic: now }, { price: () => ({ costNanoUsd: usd, billing: 'billed' }) })
})

afterEach(() => harness.close())

type Json = Record<string, unknown>

async function generate(body: Json): Promise<Json> {
  const answer = await send(harness.port, { path: '/key/generate', key: masterKey, body })
  return answer.json()
}

const ask = (key: unknown, body: Json = chatBody) =>
  send(harness.port, { path: '/v1/chat/completions', key: String(key), body })

/** Ends the requests that the relay was given, at a cost of one dollar each. */
function settle(): void {
  for (const request of harness.relayed.splice(0)) {
    request.onFinished?.(
      recordDouble({
        id: request.callId,
        startedAt: clock.now,
        totalMs: 0,
        keyId: request.caller.keyId,
        costNanoUsd: usd,
      }),
    )
  }
}

describe('a key with limits over HTTP', () => {
  it('is refused with its budget used up, and works again after the reset moment', async () => {
    const { key } = await generate({ max_budget: 2, budget_duration: 'daily' })
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await ask(key)).status).toBe(200)
      settle()
    }
    const refused = await ask(key)
    expect([refused.status, refused.json().error.code, refused.headers['x-should-retry']]).toEqual([
      429,
      'budget_exceeded',
      'false',
    ])
    expect(refused.headers['x-litellm-key-max-budget']).toBe('2')
    expect(harness.refused.map((record) => record.errorCode)).toEqual(['budget_exceeded'])
    clock.now -= 3_600_000
    expect((await ask(key)).status).toBe(429)
    clock.now = Date.parse('2026-11-25T00:00:00Z')
    expect((await ask(key)).status).toBe(200)
  })

  it('is told when to come back from a limit per minute', async () => {
    const { key } = await generate({ rpm_limit: 1 })
    const first = await ask(key)
    expect(first.status).toBe(200)
    expect(harness.relayed[0]?.keyHeaders).toMatchObject({ 'x-ratelimit-limit-requests': '1' })
    clock.now += 45_000
    const refused = await ask(key)
    expect([refused.status, refused.json().error.code]).toEqual([429, 'rate_limited'])
    expect([refused.headers['retry-after'], refused.headers['rate_limit_type']]).toEqual(['15', 'requests'])
    expect(refused.headers['x-should-retry']).toBeUndefined()
    clock.now += 15_000
    expect((await ask(key)).status).toBe(200)
  })

  it('gives its aliases, tags, user and agent to its requests', async () => {
    const { key } = await generate({
      aliases: { 'gpt-4': 'cheap' },
      tags: ['night'],
      user_id: 'ann',
      team_id: 'red',
      metadata: { agent: 'opencode' },
    })
    expect((await ask(key, { ...chatBody, model: 'gpt-4', metadata: { tags: ['own'] } })).status).toBe(200)
    expect(harness.relayed[0]).toMatchObject({
      caller: { userId: 'ann', teamId: 'red', agent: 'opencode' },
      facts: { model: 'cheap', tags: ['own', 'night'] },
      plan: { candidates: [{ group: 'cheap' }] },
    })
  })

  it('uses only the routes it was given', async () => {
    const { key } = await generate({ allowed_routes: ['/chat/completions'] })
    expect((await ask(key)).status).toBe(200)
    const refused = await send(harness.port, { path: '/v1/models', key: String(key) })
    expect([refused.status, refused.json().error.code]).toEqual([403, 'not_allowed'])
  })

  it('warns once of a soft budget, and refuses nothing', async () => {
    const { key } = await generate({ soft_budget: 1, key_alias: 'soft' })
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await ask(key)).status).toBe(200)
      settle()
    }
    expect(harness.logged).toEqual([{ notice: 'The key soft has spent 1 USD, over its soft budget of 1 USD.' }])
    expect(harness.dependencies.budgets.notices(harness.dependencies.keys.list())).toHaveLength(1)
  })

  it('of a management kind still cannot reach the control API', async () => {
    const { key } = await generate({ key_type: 'management', max_budget: 1 })
    expect((await send(harness.port, { path: '/key/list', key: String(key) })).status).toBe(200)
    const refused = await send(harness.port, { path: '/api/keys', key: String(key), body: {} })
    expect(refused.status).toBe(403)
  })
})

describe('keys over the control API', () => {
  const api = (method: string, path: string, body?: Json) =>
    send(harness.port, { method, path, key: controlToken, ...(body === undefined ? {} : { body }) })

  it('are made with limits, changed, blocked and renewed', async () => {
    const made = await api('POST', '/api/keys', {
      alias: 'a',
      maxBudgetUsd: 5,
      budgetDuration: '1mo',
      modelBudgets: { cheap: { maxUsd: 1, duration: 'daily' } },
      rpm: 3,
    })
    const { view, key } = made.json() as unknown as { view: { id: string }; key: string }
    expect(view).toMatchObject({
      rpm: 3,
      budget: { maxNanoUsd: 5 * usd, duration: '1mo', spentNanoUsd: 0, resetsAt: expect.any(Number) },
      modelBudgets: { cheap: { maxNanoUsd: usd, duration: 'daily', spentNanoUsd: 0 } },
    })
    await ask(key)
    settle()
    const changed = await api('PATCH', `/api/keys/${view.id}`, { rpm: null, onLimit: 'downgrade' })
    expect(changed.json()).toMatchObject({ alias: 'a', rpm: null, onLimit: 'downgrade', budget: { spentNanoUsd: usd } })
    expect((await api('POST', `/api/keys/${view.id}/block`, {})).json()).toMatchObject({ blocked: true })
    expect((await api('POST', `/api/keys/${view.id}/unblock`, {})).json()).toMatchObject({ blocked: false })
    const renewed = (await api('POST', `/api/keys/${view.id}/regenerate`, {})).json() as unknown as { key: string }
    expect([(await ask(key)).status, (await ask(renewed.key)).status]).toEqual([401, 200])
  })

  it.each([
    [{ budgetDuration: 'fortnightly' }, 'budgetDuration'],
    [{ maxBudgetUsd: -1 }, 'maxBudgetUsd'],
    [{ allowedRoutes: ['chat'] }, 'allowedRoutes'],
  ])('are refused with the contract’s own name for what is wrong: %j', async (body, param) => {
    const refused = await api('POST', '/api/keys', body)
    expect([refused.status, refused.json().error.param]).toEqual([400, param])
    expect(refused.json().error.message).toContain(param)
  })

  it.each(['PATCH /api/keys/none', 'POST /api/keys/none/block', 'POST /api/keys/none/regenerate'])(
    '%s is a 404',
    async (route) => {
      const [method = '', path = ''] = route.split(' ')
      expect((await api(method, path, {})).status).toBe(404)
    },
  )
})
