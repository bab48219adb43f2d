import { describe, expect, it } from 'vitest'
import type { ChargedRequest } from '../../../../gateway/access/budgets/budget-scopes.ts'
import { MeterTable } from '../../../../gateway/access/budgets/meter-table.ts'

const at = (text: string): number => Date.parse(text)
const hour = 3_600_000

function charged(endedAt: number, changes: Partial<ChargedRequest> = {}): ChargedRequest {
  return {
    startedAt: endedAt - 1000,
    totalMs: 1000,
    keyId: 'k',
    tags: ['t'],
    askedModel: 'router',
    modelName: 'm',
    provider: 'p',
    deploymentId: 'd',
    costNanoUsd: 5,
    billing: 'billed',
    ...changes,
  }
}

describe('meters', () => {
  it('count a request for everything it belongs to, each once', () => {
    const meters = new MeterTable(() => 'UTC')
    const scopes = [
      'global',
      'key:k',
      'model:k:m',
      'model:k:router',
      'tag:t',
      'provider:p',
      'deployment:d',
      'key:other',
    ]
    for (const scope of scopes) meters.at(scope, null, 0)
    meters.charge(charged(10_000))
    meters.charge(charged(10_000, { askedModel: 'm' }))
    expect(scopes.map((scope) => meters.find(scope)?.spent)).toEqual([10, 10, 10, 5, 10, 10, 10, 0])
  })

  it('count only money that is paid per token', () => {
    const meters = new MeterTable(() => 'UTC')
    meters.at('key:k', null, 0)
    for (const billing of ['local', 'flat_rate', 'demo']) meters.charge(charged(10_000, { billing }))
    meters.charge(charged(10_000, { costNanoUsd: null }))
    expect(meters.find('key:k')?.spent).toBe(0)
  })

  it('start anew when their moment has come, however long nobody looked', () => {
    const meters = new MeterTable(() => 'UTC')
    const monday = at('2026-11-23T09:00:00Z')
    meters.at('key:k', 'daily', monday).spent = 7
    expect(meters.at('key:k', 'daily', monday + 14 * hour).spent).toBe(7)
    const next = meters.at('key:k', 'daily', monday + 15 * hour)
    expect([next.spent, next.resetsAt]).toEqual([0, at('2026-11-25T00:00:00Z')])
    next.spent = 3
    const later = meters.at('key:k', 'daily', at('2027-03-01T00:00:00Z'))
    expect([later.spent, later.resetsAt]).toEqual([0, at('2027-03-02T00:00:00Z')])
  })

  it('are not reset twice by a clock that jumps back an hour, and lose nothing by it', () => {
    const meters = new MeterTable(() => 'UTC')
    const midnight = at('2026-11-24T00:00:00Z')
    meters.at('key:k', 'daily', midnight - 2 * hour).spent = 7
    expect(meters.at('key:k', 'daily', midnight - hour).spent).toBe(7)
    const fresh = meters.at('key:k', 'daily', midnight + hour / 2)
    expect(fresh.spent).toBe(0)
    fresh.spent = 4
    // Half past eleven again: the old day is over, what was spent since stays.
    meters.charge(charged(midnight - hour / 2))
    const again = meters.at('key:k', 'daily', midnight - hour / 2)
    expect([again.spent, again.resetsAt]).toEqual([9, midnight + 24 * hour])
    expect(meters.at('key:k', 'daily', midnight + 1).spent).toBe(9)
    expect(meters.at('key:k', 'daily', midnight + 24 * hour).spent).toBe(0)
  })

  it('come back from a clock that was years ahead, with what was spent', () => {
    const meters = new MeterTable(() => 'UTC')
    const wrong = meters.at('key:k', 'daily', at('2031-01-01T12:00:00Z'))
    wrong.spent = 4
    const right = meters.at('key:k', 'daily', at('2026-11-24T12:00:00Z'))
    expect([right.spent, right.resetsAt]).toEqual([4, at('2026-11-25T00:00:00Z')])
  })

  it('keep what was spent when the duration changes', () => {
    const meters = new MeterTable(() => 'UTC')
    const noon = at('2026-11-24T12:00:00Z')
    meters.at('key:k', null, noon).spent = 4
    expect(meters.at('key:k', 'monthly', noon)).toMatchObject({ spent: 4, resetsAt: at('2026-12-01T00:00:00Z') })
    expect(meters.at('key:k', null, noon)).toMatchObject({ spent: 4, resetsAt: undefined })
  })
})
