import { describe, expect, it } from 'vitest'
import { openBudgetKeeper } from '../../../../gateway/access/budgets/budget-keeper.ts'
import type { MeterTable } from '../../../../gateway/access/budgets/meter-table.ts'
import type { SpentRow } from '../../../../gateway/store/budget-repository.ts'
import { budgetRowsDouble, type BudgetRowsDouble } from '../../../doubles/budget-rows.ts'

const noon = Date.parse('2026-11-24T12:00:00Z')

function row(place: number, costNanoUsd = 10): SpentRow {
  return {
    row: place,
    startedAt: noon,
    totalMs: 5,
    keyId: 'k',
    tags: [],
    askedModel: 'm',
    modelName: 'm',
    provider: 'p',
    deploymentId: 'd',
    costNanoUsd,
    estimatedNanoUsd: 0,
    billing: 'billed',
  }
}

const prepare = (meters: MeterTable): void => meters.ensure('key:k', 'daily', noon)

function open(repository: BudgetRowsDouble) {
  const failures: unknown[] = []
  const options = {
    repository,
    zone: () => 'UTC',
    prepare,
    onFailure: (failure: unknown) => void failures.push(failure),
  }
  return openBudgetKeeper(options).then((keeper) => ({ keeper, failures }))
}

describe('the budget keeper', () => {
  it('counts every row of the ledger once, over any number of starts and kills', async () => {
    const repository = budgetRowsDouble()
    for (let place = 1; place <= 600; place += 1) repository.rows.push(row(place))
    const first = await open(repository)
    expect(first.keeper.meters.find('key:k')?.spent).toBe(6000)
    // Rows are written, and the process is killed before it keeps anything of them.
    for (let place = 601; place <= 610; place += 1) {
      repository.rows.push(row(place))
      first.keeper.meters.charge(row(place))
    }
    const second = await open(repository)
    expect(second.keeper.meters.find('key:k')?.spent).toBe(6100)
    await second.keeper.close()
    const third = await open(repository)
    expect(third.keeper.meters.find('key:k')).toMatchObject({ spent: 6100, reserved: 0 })
  })

  it('stores a duration that was changed as it is in use, with what was spent before', async () => {
    const repository = budgetRowsDouble([row(1)])
    const { keeper } = await open(repository)
    const muchLater = Date.parse('2027-05-20T12:00:00Z')
    keeper.meters.at('key:k', null, noon)
    keeper.meters.at('key:k', 'monthly', muchLater)
    repository.rows.push({ ...row(2), startedAt: muchLater })
    await keeper.close()
    const again = await open(repository)
    expect(again.keeper.meters.at('key:k', 'monthly', muchLater + 1000)).toMatchObject({
      spent: 20,
      resetsAt: Date.parse('2027-06-01T00:00:00Z'),
    })
  })

  it('stores no reservation', async () => {
    const repository = budgetRowsDouble([row(1)])
    const { keeper } = await open(repository)
    keeper.meters.at('key:k', 'daily', noon).reserved = 500
    repository.rows.push(row(2))
    await keeper.close()
    expect(repository.saved.meters).toMatchObject([{ scope: 'key:k', spent: 20 }])
    expect((await open(repository)).keeper.meters.find('key:k')?.reserved).toBe(0)
  })

  it('forgets the meters of a key that is gone', async () => {
    const repository = budgetRowsDouble([row(1)])
    const { keeper } = await open(repository)
    keeper.meters.forgetKey('k')
    repository.rows.push(row(2))
    await keeper.keep()
    expect(repository.saved.meters).toEqual([])
  })

  it('adds nothing again when the ledger numbers its rows anew', async () => {
    const repository = budgetRowsDouble([row(1), row(2), row(3)])
    const first = await open(repository)
    await first.keeper.close()
    repository.rows.splice(0, 3, row(1))
    expect((await open(repository)).keeper.meters.find('key:k')?.spent).toBe(30)
  })

  it('goes on in memory when the state cannot be stored', async () => {
    const repository = budgetRowsDouble([row(1)])
    const { keeper, failures } = await open({
      ...repository,
      save: () => Promise.reject(new Error('disk full')),
    })
    await keeper.keep()
    expect(failures).toHaveLength(2)
    expect(keeper.meters.find('key:k')?.spent).toBe(10)
    await keeper.close()
  })
})
