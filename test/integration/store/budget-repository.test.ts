import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { createBudgetRepository, latestOutputsSql, rowsAfterSql } from '../../../gateway/store/budget-repository.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from './temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
let database: Database

beforeEach(() => {
  database = openDatabase(join(temporaryDirectory(), 'signalbox.db'))
})

afterEach(() => {
  database.close()
})

async function commit(...ids: string[]): Promise<void> {
  const ledger = createSqliteLedger({ database })
  for (const id of ids) ledger.commit(recordDouble({ id }), () => {})
  await ledger.close()
}

describe('the state of budgets', () => {
  it('comes back as it was stored, the last one whole', async () => {
    const budgets = createBudgetRepository({ database })
    expect(await budgets.load()).toEqual({ meters: [], lastRow: 0 })
    const first = { scope: 'key:a', duration: 'monthly', startedAt: 1, resetsAt: 2, spent: 3 }
    const second = { scope: 'global', duration: null, startedAt: 1, resetsAt: null, spent: 4 }
    await budgets.save({ meters: [first, second], lastRow: 7 })
    await budgets.save({ meters: [second], lastRow: 8 })
    expect(await budgets.load()).toEqual({ meters: [second], lastRow: 8 })
  })

  it('goes on from any row of the ledger, in the order of commit', async () => {
    const budgets = createBudgetRepository({ database })
    expect([await budgets.lastRow(), await budgets.rowsAfter(0, 10)]).toEqual([0, []])
    await commit('a', 'b', 'c')
    const rows = await budgets.rowsAfter(1, 10)
    expect(rows.map(({ row }) => row)).toEqual([2, 3])
    const { keyId, tags, askedModel, modelName, provider, deploymentId, costNanoUsd, billing } = recordDouble({
      id: 'b',
    })
    expect(rows[0]).toMatchObject({ keyId, tags, askedModel, modelName, provider, deploymentId, costNanoUsd, billing })
    expect([await budgets.lastRow(), (await budgets.rowsAfter(0, 2)).length]).toEqual([3, 2])
    expect(await budgets.latestOutputs(2)).toEqual(
      Array.from({ length: 2 }, () => ({ provider: 'openai', upstreamModel: 'gpt-5.4-mini', outputTokens: 100 })),
    )
  })

  it('is read by row number and never by a walk over all rows', () => {
    for (const sql of [rowsAfterSql, latestOutputsSql]) {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql === rowsAfterSql ? [0, 1] : [1]))
      const details = plan.map((step) => (step as { detail: string }).detail).join('; ')
      expect(details).not.toMatch(/TEMP B-TREE|USING INDEX/u)
      if (sql === rowsAfterSql) expect(details).toContain('USING INTEGER PRIMARY KEY')
    }
  })
})
