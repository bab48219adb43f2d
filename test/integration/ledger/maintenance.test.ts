import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPriceCatalogue } from '../../../gateway/config/prices/price-catalogue.ts'
import { createCatalogue } from '../../../gateway/ledger/prices/catalogue.ts'
import { createPriceBook } from '../../../gateway/ledger/prices/create-price-book.ts'
import { createOwnPrices } from '../../../gateway/ledger/prices/own-prices.ts'
import { runMaintenance } from '../../../gateway/ledger/maintenance/maintenance.ts'
import { reprice } from '../../../gateway/ledger/maintenance/reprice.ts'
import { deleteOldRows } from '../../../gateway/ledger/maintenance/retention.ts'
import type { RepriceTask } from '../../../gateway/ledger/maintenance/tasks.ts'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import { spendReport } from '../../../gateway/ledger/spend-report.ts'
import { createSqliteLedger, type SqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
const at = Date.parse('2026-11-20T10:00:00Z')
const now = at + 86_400_000
const prices = createPriceBook({ own: createOwnPrices(readPriceCatalogue()), catalogue: createCatalogue() })
const noPause = async () => {}
let path: string
let database: Database
let ledger: SqliteLedger

beforeEach(() => {
  path = join(temporaryDirectory(), 'signalbox.db')
  database = openDatabase(path)
  ledger = createSqliteLedger({ database })
})

afterEach(() => {
  database.close()
})

async function keep(...records: readonly RequestRecord[]): Promise<void> {
  for (const record of records) ledger.commit(record, (error) => expect(error).toBeUndefined())
  await ledger.flush()
}

const task = (given: Partial<RepriceTask> = {}): RepriceTask => ({
  kind: 'reprice',
  now,
  since: 0,
  dryRun: false,
  deployments: new Map(),
  topTiers: new Map(),
  ...given,
})

// 200 fresh, 800 cached, 100 out at gpt-5.4-mini's 0.75 / 0.075 / 4.5: 150 + 60 + 450 = 660 millionths.
const right = 660_000

describe('history priced anew', () => {
  it('corrects rows, sums and the spend of keys, and tells it from then on', async () => {
    await keep(
      recordDouble({ id: 'wrong', costNanoUsd: 1_000_000, keyId: 'k' }),
      recordDouble({ id: 'unknown', costNanoUsd: null, priceSource: 'unknown', keyId: 'k' }),
      recordDouble({ id: 'right', costNanoUsd: right, keyId: 'k' }),
    )
    const outcome = await reprice(database, prices, task(), noPause)
    expect(outcome).toMatchObject({
      rows: 3,
      changed: 2,
      unknownBefore: 1,
      unknownAfter: 0,
      billedBeforeNanoUsd: 1_000_000 + right,
      billedAfterNanoUsd: 3 * right,
      byKey: new Map([['k', 2 * right - 1_000_000]]),
    })
    const report = spendReport(database, { by: 'key' })
    expect(report.totals).toMatchObject({ requests: 3, billedNanoUsd: 3 * right, unknownPriced: 0, inputTokens: 3000 })
    expect(report.notes.join()).toMatch(
      /priced anew on 2026-11-21T10:00:00.000Z: 2 rows changed, the bill by \+0\.000320 USD/,
    )
    expect(await ledger.find('unknown')).toMatchObject({
      costNanoUsd: right,
      priceSource: 'catalogue',
      priceProvenance: 'prices.yaml openai/gpt-5.4-mini',
    })
    await ledger.noteReprice(outcome.byKey)
    for (const reader of [ledger, createSqliteLedger({ database })]) expect(reader.keySpend('k')).toBe(3 * right)
    expect((await reprice(database, prices, task(), noPause)).changed).toBe(0)
  })

  it('changes nothing in a dry run, and nothing before its time', async () => {
    await keep(recordDouble({ id: 'a', startedAt: at, costNanoUsd: 1 }))
    expect(await reprice(database, prices, task({ dryRun: true }), noPause)).toMatchObject({ rows: 1, changed: 1 })
    expect(await reprice(database, prices, task({ since: at + 1 }), noPause)).toMatchObject({ rows: 0, changed: 0 })
    expect(await ledger.find('a')).toMatchObject({ costNanoUsd: 1 })
    expect(spendReport(database, { by: 'day' }).totals.billedNanoUsd).toBe(1)
  })

  it('keeps a price that nobody knows any more, cached answers, pretend money and answers without tokens', async () => {
    await keep(
      recordDouble({ id: 'lost', upstreamModel: 'forgotten', costNanoUsd: 5 }),
      recordDouble({ id: 'mine', priceSource: 'override', costNanoUsd: 6 }),
      recordDouble({ id: 'hit', cache: 'hit', costNanoUsd: 0 }),
      recordDouble({ id: 'demo', billing: 'demo', costNanoUsd: 7 }),
      recordDouble({ id: 'cut', usage: null, costNanoUsd: null }),
    )
    expect(await reprice(database, prices, task(), noPause)).toMatchObject({ rows: 5, changed: 0 })
  })

  it('takes the config’s prices and kind of billing, and measures savings anew', async () => {
    await keep(recordDouble({ id: 'a', costNanoUsd: 9, deploymentId: 'd' }))
    const deployment = deploymentDouble({
      billing: 'flat_rate',
      prices: { inputPerToken: '1e-6', outputPerToken: '0' },
    })
    const top = deploymentDouble({ prices: { inputPerToken: '2e-6', outputPerToken: '0' } })
    await reprice(
      database,
      prices,
      task({ deployments: new Map([['d', deployment]]), topTiers: new Map([['frontier-router', top]]) }),
      noPause,
    )
    const { totals, rows } = spendReport(database, { by: 'billing' })
    expect(totals).toMatchObject({ billedNanoUsd: 0, flatRateNanoUsd: 1_000_000, savingsNanoUsd: 2_000_000 })
    expect(rows.map(({ name }) => name)).toEqual(['flat_rate'])
  })

  it('runs in a thread beside a gateway that writes', async () => {
    await keep(...Array.from({ length: 450 }, (_, place) => recordDouble({ id: `r${place}`, costNanoUsd: 1 })))
    const running = runMaintenance(path, task())
    await keep(recordDouble({ id: 'meanwhile', costNanoUsd: right }))
    const outcome = await running
    expect(outcome.changed).toBe(450)
    expect(spendReport(database, { by: 'model' }).totals).toMatchObject({ requests: 451, billedNanoUsd: 451 * right })
  })
})

describe('retention', () => {
  it('deletes old rows in steps and keeps their sums', async () => {
    await keep(
      ...Array.from({ length: 1100 }, (_, place) => recordDouble({ id: `old${place}`, startedAt: at, costNanoUsd: 2 })),
      recordDouble({ id: 'young', startedAt: now, costNanoUsd: 3 }),
    )
    const pauses: number[] = []
    const task2 = { kind: 'retention', before: now } as const
    const outcome = await deleteOldRows(database, task2, async () => void pauses.push(1))
    expect([outcome.deleted, pauses.length]).toEqual([1100, 2])
    expect((await ledger.recent(10)).map(({ id }) => id)).toEqual(['young'])
    expect(spendReport(database, { by: 'day' }).totals).toMatchObject({ requests: 1101, billedNanoUsd: 2203 })
    expect(await deleteOldRows(database, task2, noPause)).toEqual({ deleted: 0 })
  })

  it('deletes nothing when nothing is old, in its thread', async () => {
    await keep(recordDouble({ id: 'young', startedAt: now }))
    expect(await runMaintenance(path, { kind: 'retention', before: at })).toEqual({ deleted: 0 })
    expect((await ledger.recent(10)).length).toBe(1)
  })
})
