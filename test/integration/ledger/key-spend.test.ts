import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import { createSqliteLedger, type SqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
let database: Database
let ledger: SqliteLedger

beforeEach(() => {
  database = openDatabase(join(temporaryDirectory(), 'signalbox.db'))
  ledger = createSqliteLedger({ database })
})

afterEach(() => {
  database.close()
})

function commit(record: RequestRecord): Promise<Error | undefined> {
  return new Promise((resolve) => ledger.commit(record, resolve))
}

describe('the spend of a key', () => {
  it('is the sum of what its requests really cost, also after a restart', async () => {
    const records = [
      recordDouble({ id: 'a', keyId: 'k1', costNanoUsd: 100 }),
      recordDouble({ id: 'b', keyId: 'k1', costNanoUsd: 20 }),
      recordDouble({ id: 'b', keyId: 'k1', costNanoUsd: 20 }),
      recordDouble({ id: 'c', keyId: 'k2', costNanoUsd: 3 }),
      recordDouble({ id: 'd', keyId: 'k1', costNanoUsd: 500, priceSource: 'demo', billing: 'demo' }),
      recordDouble({ id: 'e', keyId: 'k1', costNanoUsd: null }),
    ]
    await Promise.all(records.map((record) => commit(record)))
    await commit(recordDouble({ id: 'f', keyId: 'k1', costNanoUsd: 4 }))
    for (const reader of [ledger, createSqliteLedger({ database })]) {
      expect([reader.keySpend('k1'), reader.keySpend('k2'), reader.keySpend('k3')]).toEqual([124, 3, 0])
    }
  })

  it('does not grow by a row that was not kept', async () => {
    const bad = recordDouble({ id: 'bad', keyId: 'k1', totalMs: 'not a number' as unknown as number })
    await Promise.all([commit(bad), commit(recordDouble({ id: 'a', keyId: 'k1', costNanoUsd: 7 }))])
    for (const reader of [ledger, createSqliteLedger({ database })]) expect(reader.keySpend('k1')).toBe(7)
  })
})
