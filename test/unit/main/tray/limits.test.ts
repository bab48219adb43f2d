import { expect, it } from 'vitest'
import type { KeyView } from '../../../../gateway/contract/keys.ts'
import type { DeploymentQuotaView, QuotaLimit, SharedBudgetView } from '../../../../gateway/contract/quotas.ts'
import { limitsOf } from '../../../../main/tray/limits.ts'

const budget = (spent: number, max: number | null) => ({
  maxNanoUsd: max,
  duration: null,
  spentNanoUsd: spent,
  resetsAt: null,
})
const key = (change: Partial<KeyView>): KeyView =>
  ({
    id: 'k1',
    alias: 'opencode',
    name: 'sk-...1234',
    blocked: false,
    budget: budget(0, null),
    modelBudgets: {},
    ...change,
  }) as KeyView
const quota = (limit: string, left: number, most: number | null = 100, resetsAt: number | null = null): QuotaLimit => ({
  limit,
  most,
  used: null,
  left,
  resetsAt,
  knownFrom: 'config',
})
const deployment = (model: string, provider: string, ...limits: QuotaLimit[]): DeploymentQuotaView =>
  ({ model, provider, deploymentId: `${model}-1`, limits }) as DeploymentQuotaView

it('lists the budgets of keys and of keys on a model, fullest first', () => {
  const keys = [
    key({ budget: budget(5, 10), modelBudgets: { large: budget(9, 10) } }),
    key({ id: 'k2', alias: null, budget: budget(12, 10) }),
  ]
  expect(limitsOf(keys, { deployments: [] }, 0).map(({ name, share, page }) => [name, share, page])).toEqual([
    ['Budget of sk-...1234', 1.2, '#/keys/k2'],
    ['Budget of opencode for large', 0.9, '#/keys/k1'],
    ['Budget of opencode', 0.5, '#/keys/k1'],
  ])
})

it('lists the budgets of the config: of the gateway, a provider, a tag, a deployment', () => {
  const shared = (of: SharedBudgetView['of'], name: string | null, spent: number): SharedBudgetView => ({
    of,
    name,
    deploymentId: of === 'deployment' ? 'd1' : null,
    budget: budget(spent, 10),
  })
  const budgets = [shared('gateway', null, 9), shared('provider', 'mistral', 8), shared('tag', 'ci', 7)]
  const limits = limitsOf([], { deployments: [], budgets: [...budgets, shared('deployment', 'large', 6)] }, 0)
  expect(limits.map(({ name, page }) => [name, page])).toEqual([
    ['Budget of the gateway', '#/spend'],
    ['Budget of provider mistral', '#/spend'],
    ['Budget of tag ci', '#/spend'],
    ['Budget of model large', '#/spend'],
  ])
})

it('leaves out keys that are blocked or have no budget', () => {
  expect(limitsOf([key({}), key({ blocked: true, budget: budget(10, 10) })], { deployments: [] }, 0)).toEqual([])
})

it('leaves out what ends within minutes: a full minute is normal life', () => {
  const limits = [
    quota('requests per minute', 0),
    quota('parallel requests', 0),
    quota('tokens', 0, 100, 60_000),
    quota('tokens', 0, null, 4_000_000),
  ]
  expect(limitsOf([], { deployments: [deployment('m', 'p', ...limits)] }, 0)).toEqual([])
})

it('keeps days, and what a provider lets wait for an hour or more', () => {
  const limits = [quota('requests per day', 25), quota('tokens', 10, 100, 4_000_000)]
  expect(
    limitsOf([], { deployments: [deployment('m', 'p', ...limits)] }, 0).map(({ name, share }) => [name, share]),
  ).toEqual([
    ['m, tokens', 0.9],
    ['m, requests per day', 0.75],
  ])
})

it('takes the quota that models of one provider share for one', () => {
  const shared = quota('requests per day', 0)
  const found = limitsOf([], { deployments: [deployment('a', 'saia', shared), deployment('b', 'saia', shared)] }, 0)
  expect(found.map(({ name, kind, share }) => [name, kind, share])).toEqual([['saia, requests per day', 'quota', 1]])
})
