import { beforeEach, describe, expect, it } from 'vitest'
import {
  type AskedWork,
  createAdmission,
  type FinishedWork,
  type PriceOfUsage,
} from '../../../gateway/access/admission.ts'
import { createBudgetConditions } from '../../../gateway/access/budgets/budget-conditions.ts'
import { MeterTable } from '../../../gateway/access/budgets/meter-table.ts'
import type { Identity } from '../../../gateway/access/identity.ts'
import { createOutputLengths } from '../../../gateway/access/limits/output-lengths.ts'
import { createRateLimits } from '../../../gateway/access/limits/rate-limits.ts'
import type { BudgetSettings } from '../../../gateway/config/budget-settings.ts'
import type { GatewayConfig } from '../../../gateway/config/gateway-config.ts'
import { type KeySettings, plainKeySettings } from '../../../gateway/model/key-settings.ts'
import type { Usage } from '../../../gateway/model/usage.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { quietDelivery } from '../../doubles/quiet-config.ts'

const usd = 1_000_000_000
const hour = 3_600_000
const start = Date.parse('2026-11-24T12:00:00Z')

interface Scene {
  now: number
  settings: BudgetSettings
  price: (usage: Usage, provider: string) => PriceOfUsage
}

let scene: Scene
beforeEach(() => {
  scene = { now: start, settings: quietDelivery.budgets, price: () => ({ costNanoUsd: usd, billing: 'billed' }) }
})

function open() {
  const meters = new MeterTable(() => 'UTC')
  const admission = createAdmission({
    meters,
    rates: createRateLimits(),
    lengths: createOutputLengths(),
    settings: () => scene.settings,
    price: (deployment, usage) => scene.price(usage, deployment.provider),
    onCounted: () => {},
    now: () => scene.now,
    monotonic: () => scene.now,
  })
  return { meters, admission }
}

const target = (group: string, provider = 'openai') => ({
  deployment: deploymentDouble({ id: `id-${group}`, modelName: group, provider }),
  group,
})

function asked(settings: Partial<KeySettings>, changes: Partial<AskedWork> = {}): AskedWork {
  const identity: Identity = {
    kind: 'virtual',
    keyId: 'k',
    alias: 'laptop',
    allowedModels: undefined,
    settings: { ...plainKeySettings, ...settings },
  }
  return {
    identity,
    model: 'm',
    tags: [],
    bodyBytes: 400,
    maxOutputTokens: undefined,
    writesText: true,
    bytesPerToken: () => undefined,
    ...changes,
  }
}

function finished(changes: Partial<FinishedWork> = {}): FinishedWork {
  return {
    startedAt: scene.now,
    totalMs: 0,
    keyId: 'k',
    tags: [],
    askedModel: 'm',
    modelName: 'm',
    provider: 'openai',
    upstreamModel: 'm',
    deploymentId: 'id-m',
    costNanoUsd: usd,
    billing: 'billed',
    usage: { inputTokens: 100, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 50, reasoningTokens: 0 },
    ...changes,
  }
}

describe('a budget of a key', () => {
  it('lets through of 200 requests at once what there is room for, whatever they turn out to cost', () => {
    const { admission, meters } = open()
    const work = asked({ maxBudgetNanoUsd: 10 * usd, budgetDuration: 'daily' })
    const verdicts = Array.from({ length: 200 }, () => admission.admit(work, [target('m')]))
    const admitted = verdicts.filter((verdict) => verdict.kind === 'admitted')
    const refused = verdicts.filter((verdict) => verdict.kind === 'refused')
    expect([admitted.length, refused.length]).toEqual([10, 190])
    // The rest is only held: it is worth asking again.
    expect(refused[0]?.error).toMatchObject({ code: 'budget_exceeded', status: 429, shouldRetry: true })
    for (const verdict of admitted) verdict.finish(finished())
    expect(meters.find('key:k')).toMatchObject({ spent: 10 * usd, reserved: 0 })
    const after = admission.admit(work, [target('m')])
    expect(after).toMatchObject({ kind: 'refused', error: { code: 'budget_exceeded', shouldRetry: false } })
    if (after.kind === 'refused') expect(after.error.message).toContain('Current cost: 10, Max budget: 10')
    scene.now += 12 * hour
    expect(admission.admit(work, [target('m')]).kind).toBe('admitted')
  })

  it('is overshot by one estimate at most', () => {
    const { admission, meters } = open()
    scene.price = () => ({ costNanoUsd: 3 * usd, billing: 'billed' })
    const work = asked({ maxBudgetNanoUsd: 10 * usd })
    for (let turn = 0; turn < 50; turn += 1) {
      const held = Array.from({ length: 5 }, () => admission.admit(work, [target('m')]))
      for (const verdict of held) {
        if (verdict.kind === 'admitted') verdict.finish(finished({ costNanoUsd: 3 * usd }))
      }
    }
    expect(meters.find('key:k')?.spent).toBe(12 * usd)
  })

  it('admits one request of any cost while nothing runs and something is left', () => {
    const { admission } = open()
    scene.price = () => ({ costNanoUsd: 500 * usd, billing: 'billed' })
    const work = asked({ maxBudgetNanoUsd: 1 })
    expect(admission.admit(work, [target('m')]).kind).toBe('admitted')
    expect(admission.admit(work, [target('m')]).kind).toBe('refused')
  })

  it('of 0 admits nothing that costs', () => {
    const { admission } = open()
    expect(admission.admit(asked({ maxBudgetNanoUsd: 0 }), [target('m')]).kind).toBe('refused')
  })

  it('frees what was held when a request fails, once', () => {
    const { admission, meters } = open()
    const verdict = admission.admit(asked({ maxBudgetNanoUsd: usd }), [target('m')])
    if (verdict.kind !== 'admitted') throw new Error('refused')
    expect(meters.find('key:k')?.reserved).toBe(usd)
    verdict.finish(finished({ costNanoUsd: null, usage: null }))
    verdict.finish(finished({ costNanoUsd: null, usage: null }))
    expect(meters.find('key:k')).toMatchObject({ reserved: 0, spent: 0 })
  })

  it('says in seconds when it starts anew within the minute', () => {
    const { admission } = open()
    const work = asked({ maxBudgetNanoUsd: usd, budgetDuration: 'daily' })
    const first = admission.admit(work, [target('m')])
    if (first.kind === 'admitted') first.finish(finished())
    scene.now = Date.parse('2026-11-24T23:59:30Z')
    expect(admission.admit(work, [target('m')])).toMatchObject({ error: { shouldRetry: true, retryAfterMs: 30_000 } })
  })

  it('counts a request that began before the reset where it ended', () => {
    const { admission, meters } = open()
    const work = asked({ maxBudgetNanoUsd: 5 * usd, budgetDuration: 'daily' })
    const verdict = admission.admit(work, [target('m')])
    const begunAt = scene.now
    scene.now += 13 * hour
    if (verdict.kind === 'admitted') verdict.finish(finished({ startedAt: begunAt, totalMs: 13 * hour }))
    expect(meters.at('key:k', 'daily', scene.now)).toMatchObject({ spent: usd, reserved: 0 })
  })
})

describe('prices and budgets', () => {
  const unknown: PriceOfUsage = { costNanoUsd: null, billing: 'billed' }

  it('a key with a budget calls nothing of unknown price, unless that is allowed', () => {
    const { admission } = open()
    scene.price = () => unknown
    const limited = { maxBudgetNanoUsd: usd }
    expect(admission.admit(asked(limited), [target('m')])).toMatchObject({
      kind: 'refused',
      error: { code: 'price_unknown', status: 403, shouldRetry: false },
    })
    expect(admission.admit(asked({}), [target('m')]).kind).toBe('admitted')
    expect(admission.admit(asked({ ...limited, unknownPrice: 'allow' }), [target('m')])).toMatchObject({
      kind: 'admitted',
      warnings: [expect.stringContaining('not known')],
    })
    scene.settings = { ...scene.settings, unknownPrice: 'allow' }
    expect(admission.admit(asked(limited), [target('m')]).kind).toBe('admitted')
    expect(admission.admit(asked({ ...limited, unknownPrice: 'refuse' }), [target('m')]).kind).toBe('refused')
  })

  it('a fallback of unknown price is left out for such a key', () => {
    const { admission } = open()
    scene.price = (_, provider) => (provider === 'obscure' ? unknown : { costNanoUsd: usd, billing: 'billed' })
    const verdict = admission.admit(asked({ maxBudgetNanoUsd: usd }), [target('m'), target('n', 'obscure')])
    if (verdict.kind !== 'admitted') throw new Error('refused')
    expect([verdict.refusalOf(target('m')), verdict.refusalOf(target('n', 'obscure'))]).toEqual([
      undefined,
      expect.stringContaining('no known price'),
    ])
  })

  it('what costs nothing goes on without a budget, and leads to nothing that costs', () => {
    const { admission } = open()
    scene.price = (_, provider) => ({ costNanoUsd: usd, billing: provider === 'ollama' ? 'local' : 'billed' })
    const work = asked({ maxBudgetNanoUsd: usd })
    const paid = admission.admit(work, [target('m')])
    if (paid.kind === 'admitted') paid.finish(finished())
    expect(admission.admit(work, [target('m'), target('local', 'ollama')]).kind).toBe('refused')
    const free = admission.admit(work, [target('local', 'ollama'), target('m')])
    if (free.kind !== 'admitted') throw new Error('refused')
    expect(free.refusalOf(target('m'))).toContain('cost money')
    expect(free.refusalOf(target('local', 'ollama'))).toBeUndefined()
  })

  it('are estimated from the size of the request and the usual length of answers', () => {
    const { admission } = open()
    scene.price = (usage) => ({ costNanoUsd: usage.inputTokens * 10 + usage.outputTokens * 1000, billing: 'billed' })
    const estimate = (changes: Partial<AskedWork>) => admission.estimate(asked({}, changes), target('m'))
    expect(estimate({})).toBe(100 * 10 + 1000 * 1000)
    expect(estimate({ maxOutputTokens: 50 })).toBe(100 * 10 + 50 * 1000)
    expect(estimate({ bytesPerToken: () => 2 })).toBe(200 * 10 + 1000 * 1000)
    expect(estimate({ writesText: false })).toBe(100 * 10)
    const verdict = admission.admit(asked({}), [target('m')])
    for (let turn = 0; turn < 10; turn += 1) {
      const next = admission.admit(asked({}), [target('m')])
      if (next.kind === 'admitted') next.finish(finished({ usage: { ...used, outputTokens: (turn + 1) * 10 } }))
    }
    if (verdict.kind === 'admitted') verdict.finish(finished({ usage: null }))
    expect(admission.estimate(asked({}), { ...target('m'), deployment: noted })).toBe(100 * 10 + 90 * 1000)
  })
})

const used: Usage = { inputTokens: 1, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 }
const noted = deploymentDouble({ id: 'id-m', modelName: 'm', provider: 'openai', upstreamModel: 'm' })

describe('other budgets', () => {
  const budget = { maxNanoUsd: usd, duration: 'daily' }

  it.each([
    ['the gateway', { global: budget }, {}, 'This gateway'],
    ['a tag', { tags: new Map([['t', budget]]) }, { tags: ['t'] }, 'The tag t'],
  ])('of %s refuse when they are used up', (_, settings, changes, owner) => {
    const { admission } = open()
    scene.settings = { ...scene.settings, ...settings }
    const first = admission.admit(asked({}, changes), [target('m')])
    if (first.kind === 'admitted') first.finish(finished({ tags: ['t'] }))
    const second = admission.admit(asked({}, changes), [target('m')])
    expect(second).toMatchObject({ kind: 'refused', error: { code: 'budget_exceeded' } })
    if (second.kind === 'refused') expect(second.error.message).toContain(owner)
  })

  it('of a key on one model leave the others alone', () => {
    const { admission } = open()
    const settings = { modelBudgets: { m: budget } }
    const first = admission.admit(asked(settings), [target('m')])
    if (first.kind === 'admitted') first.finish(finished())
    expect(admission.admit(asked(settings), [target('m')]).kind).toBe('refused')
    const other = admission.admit(asked(settings, { model: 'n' }), [target('n'), target('m')])
    if (other.kind !== 'admitted') throw new Error('refused')
    expect([other.refusalOf(target('n')), other.refusalOf(target('m'))]).toEqual([
      undefined,
      expect.stringContaining('over the budget'),
    ])
  })

  it('of a provider and of a deployment take it out of plans, with what is held', () => {
    const { admission, meters } = open()
    const own = { ...target('m').deployment, budget: { maxNanoUsd: 2 * usd, duration: null } }
    const config = {
      groups: new Map([['m', [own]]]),
      budgets: { ...scene.settings, providers: new Map([['openai', { maxNanoUsd: 3 * usd, duration: 'daily' }]]) },
    } as unknown as GatewayConfig
    scene.settings = config.budgets
    const condition = createBudgetConditions(
      meters,
      () => config,
      () => scene.now,
    )
    expect(condition('id-m')).toBeUndefined()
    const first = admission.admit(asked({}), [{ deployment: own, group: 'm' }])
    expect(condition('id-m')).toBeUndefined()
    admission.admit(asked({}), [{ deployment: own, group: 'm' }])
    expect(condition('id-m')?.overBudget.reason).toContain('has used up the budget of this deployment')
    if (first.kind === 'admitted') first.finish(finished({ costNanoUsd: 3 * usd }))
    expect(condition('id-m')?.overBudget.reason).toContain('the budget of its provider openai (3 of 3 USD)')
    expect(condition('another')).toBeUndefined()
  })

  it('may send routers to their cheapest tier instead of refusing', () => {
    const { admission } = open()
    const work = asked({ maxBudgetNanoUsd: 0, onLimit: 'downgrade' })
    expect(admission.admit(work, [target('m')])).toMatchObject({ kind: 'refused', mayDowngrade: true })
    expect(admission.admit(work, [target('m')], true).kind).toBe('admitted')
  })
})

describe('limits per minute', () => {
  it('of requests count from the first one and say when to come back', () => {
    const { admission } = open()
    const work = asked({ rpm: 2 })
    expect(admission.admit(work, [target('m')])).toMatchObject({
      headers: { 'x-litellm-key-rpm-limit': '2', 'x-ratelimit-remaining-requests': '1' },
    })
    scene.now += 20_000
    admission.admit(work, [target('m')])
    const refused = admission.admit(work, [target('m')])
    expect(refused).toMatchObject({
      kind: 'refused',
      error: { code: 'rate_limited', status: 429, retryAfterMs: 40_000, shouldRetry: true },
      headers: { rate_limit_type: 'requests' },
    })
    if (refused.kind === 'refused') expect(refused.error.message).toContain('current 2, max 2')
    scene.now += 40_000
    expect(admission.admit(work, [target('m')]).kind).toBe('admitted')
  })

  it('of tokens hold what a request may use and count what it used', () => {
    const { admission } = open()
    const work = asked({ tpm: 2000 }, { maxOutputTokens: 900 })
    const first = admission.admit(work, [target('m')])
    expect(admission.admit(work, [target('m')]).kind).toBe('admitted')
    expect(admission.admit(work, [target('m')])).toMatchObject({
      kind: 'refused',
      headers: { rate_limit_type: 'tokens' },
    })
    if (first.kind === 'admitted') first.finish(finished({ usage: { ...used, inputTokens: 1500, outputTokens: 600 } }))
    scene.now += 10_000
    expect(admission.admit(work, [target('m')])).toMatchObject({ error: { retryAfterMs: 50_000 } })
    scene.now += 50_000
    expect(admission.admit(work, [target('m')]).kind).toBe('admitted')
  })

  it('of tokens admit one request larger than the limit', () => {
    const { admission } = open()
    expect(admission.admit(asked({ tpm: 10 }), [target('m')]).kind).toBe('admitted')
  })

  it('count tokens of a long request in the minute in which it ends', () => {
    const { admission } = open()
    const work = asked({ tpm: 100 }, { maxOutputTokens: 1 })
    const first = admission.admit(work, [target('m')])
    scene.now += 5 * 60_000
    if (first.kind === 'admitted') first.finish(finished({ usage: { ...used, inputTokens: 500 } }))
    scene.now += 1000
    expect(admission.admit(work, [target('m')])).toMatchObject({ error: { retryAfterMs: 59_000 } })
  })

  it('of requests at a time are free again when one ends', () => {
    const { admission } = open()
    const work = asked({ maxParallel: 1 })
    const first = admission.admit(work, [target('m')])
    expect(admission.admit(work, [target('m')])).toMatchObject({
      kind: 'refused',
      headers: { rate_limit_type: 'max_parallel_requests' },
    })
    if (first.kind === 'admitted') first.finish(finished())
    expect(admission.admit(work, [target('m')]).kind).toBe('admitted')
  })

  it('of one model leave the others alone', () => {
    const { admission } = open()
    const settings = { modelRpm: { m: 1 } }
    admission.admit(asked(settings), [target('m')])
    expect(admission.admit(asked(settings), [target('m')]).kind).toBe('refused')
    expect(admission.admit(asked(settings, { model: 'n' }), [target('n')]).kind).toBe('admitted')
  })

  it('take nothing of a request that a budget refuses', () => {
    const { admission } = open()
    for (let turn = 0; turn < 5; turn += 1) {
      expect(admission.admit(asked({ rpm: 1, maxBudgetNanoUsd: 0 }), [target('m')])).toMatchObject({
        error: { code: 'budget_exceeded' },
      })
    }
    expect(admission.admit(asked({ rpm: 1 }), [target('m')]).kind).toBe('admitted')
  })
})
