import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelUse } from '../../../gateway/ledger/model-use.ts'
import { createSqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { openDatabase } from '../../../gateway/store/database.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()

const hour = 3_600_000
const newest = Date.parse('2026-11-20T12:30:00Z')

describe('the use of models', () => {
  it('has the middle first token of streamed answers, and remembers what its rows do not hold any more', async () => {
    const database = openDatabase(join(temporaryDirectory(), 'signalbox.db'))
    const ledger = createSqliteLedger({ database })
    const rows = [
      recordDouble({ id: 'old', startedAt: newest - 400 * hour, modelName: 'gone', router: null, tier: null }),
      recordDouble({
        id: 'a',
        startedAt: newest - 3 * hour,
        modelName: 'm',
        router: 'smart',
        firstTokenMs: 900,
        stream: true,
      }),
      recordDouble({
        id: 'b',
        startedAt: newest - 2 * hour,
        modelName: 'm',
        router: null,
        tier: null,
        firstTokenMs: 300,
        stream: true,
      }),
      recordDouble({
        id: 'c',
        startedAt: newest - hour,
        modelName: 'm',
        router: null,
        tier: null,
        firstTokenMs: 400,
        stream: true,
      }),
      recordDouble({
        id: 'whole',
        startedAt: newest,
        modelName: 'm',
        router: null,
        tier: null,
        firstTokenMs: 5,
        stream: false,
      }),
    ]
    for (const row of rows) ledger.commit(row, () => undefined)
    await ledger.flush()
    const { models, routers } = modelUse(database, { since: newest - 100 * hour })
    expect(models.get('m')).toEqual({ lastUsedAt: newest, p50FirstTokenMs: 400, measured: 3 })
    expect(routers.get('smart')).toMatchObject({ lastUsedAt: newest - 3 * hour })
    const gone = models.get('gone')
    expect(gone).toMatchObject({ p50FirstTokenMs: null, measured: 0 })
    expect(newest - 400 * hour - (gone?.lastUsedAt ?? 0)).toBeLessThan(hour)
    expect(models.has('')).toBe(false)
    await ledger.close()
    database.close()
  })
})
